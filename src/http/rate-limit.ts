import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit';
import type { AttemptCounter, Budget, Reservation } from '../ports/attempt-counter.ts';
import type { Log } from '../ports/log.ts';
import { clientAddress } from './client-address.ts';
import { RateLimited } from './error-handler.ts';
import { note } from './request-log.ts';

/** Bits of an IPv6 address that name one client: a household or a host gets a /64. */
const IPV6_CLIENT_BITS = 64;

/** Resolves where the client's address may try; rejects with `RateLimited` where its failures are too many. */
export type AdmitAddress = (req: Request, res: Response) => Promise<void>;

/**
 * Limit the failed sign-ins of one client address, over all replicas. A sign-in counts from its beginning,
 * and is taken back unless its answer is 401.
 */
export function createAdmitAddress(counter: AttemptCounter, budget: Budget, log: Log): AdmitAddress {
  const limiter = rateLimit({
    windowMs: budget.windowMs,
    limit: budget.attempts,
    store: attemptStore(counter, budget),
    keyGenerator: (req) => ipKeyGenerator(clientAddress(req), IPV6_CLIENT_BITS),
    standardHeaders: false,
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    // What was refused here was never counted, so there is nothing to take back.
    requestWasSuccessful: (req, res) => res.statusCode !== 401 && budgetOf(req).used <= budget.attempts,
    handler: (req, res, next) => {
      const retryAfterMs = Math.max(0, (budgetOf(req).resetTime?.getTime() ?? 0) - Date.now());
      const spent = { granted: false, remaining: 0, retryAfterMs, resetMs: retryAfterMs };
      note(res, { outcome: 'address-attempts-spent' });
      setBudgetHeaders(res, budget, spent);
      next(new RateLimited(retryAfterMs));
    },
    logger: {
      warn: (message: unknown) => log.warn({}, String(message)),
      error: (err: unknown) => log.warn({ err }, 'an attempt of a client address stays counted'),
    },
    validate: false,
  });
  return (req, res) =>
    new Promise((resolve, reject) => {
      const next = (refused?: unknown) => (refused === undefined ? resolve() : reject(refused));
      Promise.resolve(limiter(req, res, next)).catch(reject);
    });
}

/** Zulip's headers for the budget that applied (contract 6): on success and failure alike. */
export function setBudgetHeaders(res: Response, budget: Budget, { remaining, resetMs }: Reservation): void {
  res.setHeader('X-RateLimit-Limit', budget.attempts);
  res.setHeader('X-RateLimit-Remaining', remaining);
  res.setHeader('X-RateLimit-Reset', Math.floor((Date.now() + resetMs) / 1000));
}

/** express-rate-limit counts in the port, which refuses by itself: then nothing more was counted. */
function attemptStore(counter: AttemptCounter, budget: Budget): Store {
  const keyOf = (address: string) => `address:${address}`;
  return {
    async increment(address) {
      const reserved = await counter.reserve(keyOf(address), budget);
      const totalHits = reserved.granted ? budget.attempts - reserved.remaining : budget.attempts + 1;
      return { totalHits, resetTime: new Date(Date.now() + reserved.resetMs) };
    },
    decrement: (address) => counter.release(keyOf(address)),
    resetKey: (address) => counter.clear(keyOf(address)),
  };
}

interface Used {
  readonly used: number;
  readonly resetTime: Date | undefined;
}

/** express-rate-limit leaves this on the request once it has counted. */
function budgetOf(req: Request): Used {
  return (req as Request & { rateLimit: Used }).rateLimit;
}
