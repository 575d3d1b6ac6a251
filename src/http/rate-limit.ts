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
/** Whoever is given more of them, as households and sites are (RFC 6177), has no more than a few clients' attempts. */
const WIDER_BITS = [56, 48];
/** How many clients' attempts a client has, and each of its wider networks. */
const TIMES = [1, 2, 4];

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
 * Limit the failed sign-ins of one client address, over all replicas, and of the networks that it is in. A sign-in counts
 * from its beginning. One whose client does not wait for the answer stays counted.
 */
export function createAdmitAddress(counter: AttemptCounter, budget: Budget, log: Log): AdmitAddress {
  return async (client, res, isFailure = isUnauthorized) => {
    const counted: string[] = [];
    const reserve = async (key: string, at = 0) => {
      const reserved = await counter.reserve(key, {
        ...budget,
        attempts: budget.attempts * (TIMES[at] ?? 1),
      });
      if (reserved.granted) counted.push(key);
      return reserved;
    };
    const giveBack = () =>
      Promise.all(counted.map((key) => counter.release(key))).catch((err: unknown) => {
        log.warn({ err }, 'an attempt of a client address stays counted');
      });
    const [own, ...wider] = addressKeys(client);
    const reserving = [reserve(own), ...wider.map((key, at) => reserve(key, at + 1))] as const;
    const reserved = await Promise.all(reserving).catch((failure: unknown) => {
      void Promise.allSettled(reserving).then(giveBack);
      throw failure;
    });
    const refused = reserved.filter(({ granted }) => !granted);
    const [longest] = refused.sort((one, other) => other.retryAfterMs - one.retryAfterMs);
    if (longest) {
      await giveBack();
      note(res, { outcome: 'address-attempts-spent' });
      setBudgetHeaders(res, longest);
      throw new RateLimited(longest.retryAfterMs);
    }
    res.once('finish', () => {
      if (!isFailure(res.statusCode)) void giveBack();
    });
    return reserved[0];
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

/** The keys under which the failures of a client are counted, by what `ClientKey` gives: its own first. */
export function addressKeys(client: string): [own: string, ...wider: string[]] {
  const [address = '', isNetwork] = client.split('/');
  const wider = isNetwork === undefined ? [] : WIDER_BITS.map((bits) => ipKeyGenerator(address, bits));
  return [`address:${client}`, ...wider.map((network) => `address:${network}`)];
}

/** What is told of a budget. */
type ShownBudget = Pick<Reservation, 'limit' | 'remaining' | 'resetMs'>;

/** Zulip's headers for the budget that applied (contract 6): on success and failure alike. */
export function setBudgetHeaders(res: ServerResponse, { limit, remaining, resetMs }: ShownBudget): void {
  res.setHeader('X-RateLimit-Limit', limit);
  res.setHeader('X-RateLimit-Remaining', remaining);
  res.setHeader('X-RateLimit-Reset', Math.floor((Date.now() + resetMs) / 1000));
}
