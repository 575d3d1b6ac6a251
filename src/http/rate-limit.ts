import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4 } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';
import type { AttemptCounter, Budget, Reservation } from '../ports/attempt-counter.ts';
import type { Log } from '../ports/log.ts';
import { clientAddress, type TrustPeer } from './client-address.ts';
import { RateLimited } from './request-error.ts';
import { note } from './request-log.ts';

/** Bits of an IPv6 address that name one client: a household or a host gets a /64. */
const IPV6_CLIENT_BITS = 64;

/**
 * Gives the client's budget after this attempt where a client, by what `ClientKey` gives, may try; rejects with
 * `RateLimited` where its failures are too many. The answer takes the attempt back unless its status is a failure's:
 * by itself 401 alone is.
 */
export type AdmitAddress = (
  client: string,
  res: ServerResponse,
  isFailure?: (status: number) => boolean,
) => Promise<Reservation>;

const isUnauthorized = (status: number) => status === 401;

/**
 * Limit the failed sign-ins of one client address, over all replicas. A sign-in counts from its beginning. One whose
 * client does not wait for the answer stays counted.
 */
export function createAdmitAddress(counter: AttemptCounter, budget: Budget, log: Log): AdmitAddress {
  return async (client, res, isFailure = isUnauthorized) => {
    const key = addressKey(client);
    const reserved = await counter.reserve(key, budget);
    if (!reserved.granted) {
      note(res, { outcome: 'address-attempts-spent' });
      setBudgetHeaders(res, reserved);
      throw new RateLimited(reserved.retryAfterMs);
    }
    res.once('finish', () => {
      if (isFailure(res.statusCode)) return;
      counter.release(key).catch((err: unknown) => {
        log.warn({ err }, 'an attempt of a client address stays counted');
      });
    });
    return reserved;
  };
}

/** What names the client of a request: its address, of which IPv6 counts the /64; `unknown` where there is none. */
export type ClientKey = (req: IncomingMessage) => string;

/** Name clients by the forwarding headers of the peers that `trust` names. */
export function createClientKey(trust: TrustPeer): ClientKey {
  return (req) => keyOfAddress(clientAddress(req, trust));
}

/** The same for an address. */
export function keyOfAddress(address: string): string {
  return isIPv4(address) ? address : ipKeyGenerator(address, IPV6_CLIENT_BITS);
}

/** The key under which the failures of a client are counted, by what `ClientKey` gives. */
export function addressKey(client: string): string {
  return `address:${client}`;
}

/** What is told of a budget. */
type ShownBudget = Pick<Reservation, 'limit' | 'remaining' | 'resetMs'>;

/** Zulip's headers for the budget that applied (contract 6): on success and failure alike. */
export function setBudgetHeaders(res: ServerResponse, { limit, remaining, resetMs }: ShownBudget): void {
  res.setHeader('X-RateLimit-Limit', limit);
  res.setHeader('X-RateLimit-Remaining', remaining);
  res.setHeader('X-RateLimit-Reset', Math.floor((Date.now() + resetMs) / 1000));
}
