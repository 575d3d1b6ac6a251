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
 * Whoever is given more of them, as households and sites are (RFC 6177), has no more than a few clients' attempts: so many
 * have the wider networks of an address, by their bits.
 */
const WIDER_NETWORKS = [
  { bits: 56, clients: 2 },
  { bits: 48, clients: 4 },
];

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
    const reserve = async ({ key, clients }: CountedNetwork) => {
      const reserved = await counter.reserve(key, { ...budget, attempts: budget.attempts * clients });
      if (reserved.granted) counted.push(key);
      return reserved;
    };
    const giveBack = () =>
      Promise.all(counted.map((key) => counter.release(key))).catch((err: unknown) => {
        log.warn({ err }, 'an attempt of a client address stays counted');
      });
    const [own, ...wider] = countedNetworks(client);
    const reserving = [reserve(own), ...wider.map(reserve)] as const;
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

/** Where the failures of a client are counted, and how many clients' attempts there are. */
export interface CountedNetwork {
  readonly key: string;
  readonly clients: number;
}

/** The client itself, by what `ClientKey` gives, and the wider networks that an IPv6 one is in. */
export function countedNetworks(client: string): [own: CountedNetwork, ...wider: CountedNetwork[]] {
  const [address = '', isNetwork] = client.split('/');
  const wider = isNetwork === undefined ? [] : WIDER_NETWORKS;
  return [
    { key: `address:${client}`, clients: 1 },
    ...wider.map(({ bits, clients }) => ({ key: `address:${ipKeyGenerator(address, bits)}`, clients })),
  ];
}

/** What is told of a budget. */
type ShownBudget = Pick<Reservation, 'limit' | 'remaining' | 'resetMs'>;

/** Zulip's headers for the budget that applied (contract 6): on success and failure alike. */
export function setBudgetHeaders(res: ServerResponse, { limit, remaining, resetMs }: ShownBudget): void {
  res.setHeader('X-RateLimit-Limit', limit);
  res.setHeader('X-RateLimit-Remaining', remaining);
  res.setHeader('X-RateLimit-Reset', Math.floor((Date.now() + resetMs) / 1000));
}
