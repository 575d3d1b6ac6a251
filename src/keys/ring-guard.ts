import { Unavailable } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import type { SecretRegistry } from '../ports/secret-registry.ts';
import type { SecretRing } from './secret-ring.ts';

/** For so long an answer that accepts is relied on, in milliseconds; one that refuses is asked for again each time. */
export const ACCEPTED_MS = 5_000;

/**
 * Keeps a replica whose ring lacks the registered secret from handing out keys that the others would refuse, and from
 * minting anew those that they have handed out. Good keys verify all the same.
 */
export interface RingGuard {
  /** Whether the ring has the registered secret. Throws `Unavailable` when the store does not answer. */
  isAccepted(): Promise<boolean>;
  /** Resolves where it has. Throws `Unavailable` where it has not, and when the store does not answer. */
  demandAccepted(): Promise<void>;
}

/** What the guard rests on. */
export interface RingGuardParts {
  readonly ring: SecretRing;
  readonly secrets: Pick<SecretRegistry, 'register'>;
  readonly log: Log;
  /** Monotonic clock, in milliseconds. */
  readonly elapsed: () => number;
}

/** Guard a ring. The first question that the store answers counts as the replica's start. */
export function createRingGuard({ ring, secrets, log, elapsed }: RingGuardParts): RingGuard {
  const ids = [ring.current.id, ...ring.secrets.slice(1).map(({ id }) => id)] as const;
  const report = createReport(log, ids);
  let isStart = true;
  let acceptedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<boolean> | undefined;
  const ask = async (): Promise<boolean> => {
    const askedAt = elapsed();
    const registered = await secrets.register(ids, isStart);
    isStart = false;
    const isAccepted = ids.includes(registered);
    if (isAccepted) acceptedAt = askedAt;
    report(registered, isAccepted);
    return isAccepted;
  };
  const isAccepted = async (): Promise<boolean> => {
    if (elapsed() - acceptedAt < ACCEPTED_MS) return true;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return {
    isAccepted,
    async demandAccepted() {
      if (await isAccepted()) return;
      throw new Unavailable('store', 'the secret that is registered in the store is not in this ring');
    },
  };
}

/** `use`, where `guard` accepts the ring; throws as `demandAccepted` does, too. */
export function whenAccepted<Given extends unknown[], Answer>(
  guard: Pick<RingGuard, 'demandAccepted'>,
  use: (...given: Given) => Promise<Answer>,
): (...given: Given) => Promise<Answer> {
  return async (...given) => {
    await guard.demandAccepted();
    return use(...given);
  };
}

/** Says once when the ring is refused, and once when it is accepted after all. */
function createReport(log: Log, ids: readonly string[]) {
  let wasRefused = false;
  return (registered: string, isAccepted: boolean) => {
    if (isAccepted !== wasRefused) return;
    wasRefused = !isAccepted;
    if (isAccepted) {
      log.info(
        { audit: 'ring-accepted', registered, ring: ids },
        'the ring of secrets is accepted: keys are issued',
      );
      return;
    }
    log.error(
      { audit: 'ring-refused', registered, ring: ids },
      'no key is issued: the ring of secrets (LATCHKEY_SECRET) lacks the one that is registered; add it last, or, if it is gone for good, run: latchkey secrets accept',
    );
  };
}
