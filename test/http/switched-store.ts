import { Unavailable } from '../../src/errors.ts';
import type { NearAccountStore } from '../../src/ports/account-store.ts';
import type { AttemptCounter } from '../../src/ports/attempt-counter.ts';

/** Accounts and attempts that can be away, and count how often a record was read. */
export interface SwitchedStore {
  readonly accounts: NearAccountStore;
  readonly attempts: AttemptCounter;
  readonly reads: () => number;
  /** Which of the two from here on throws `Unavailable`. */
  readonly setAway: (part: 'accounts' | 'attempts' | 'both' | 'none') => void;
  /** From here on a read tells `onRead` and is never answered, or fails as `onRead` throws. */
  readonly holdReads: (onRead: () => void) => void;
}

/** Put a switch in front of both halves of a store. */
export function createSwitchedStore(accounts: NearAccountStore, attempts: AttemptCounter): SwitchedStore {
  let away: Parameters<SwitchedStore['setAway']>[0] = 'none';
  let reads = 0;
  let onRead: (() => void) | undefined;
  const guard = (part: 'accounts' | 'attempts') => {
    if (away === part || away === 'both') throw new Unavailable('store', 'redis.internal:6379 is away');
  };
  return {
    accounts: {
      ...switched(accounts, async (method) => {
        guard('accounts');
        if (method !== 'read') return;
        reads++;
        if (!onRead) return;
        onRead();
        await new Promise(() => {});
      }),
      kept: accounts.kept,
    },
    attempts: switched(attempts, async () => guard('attempts')),
    reads: () => reads,
    setAway: (part) => {
      away = part;
    },
    holdReads: (listener) => {
      onRead = listener;
    },
  };
}

/** The same methods, each after `before`, which may throw. */
function switched<T extends object>(part: T, before: (method: string) => Promise<void>): T {
  const entries = Object.entries(part).map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      await before(name);
      return method(...args);
    },
  ]);
  return Object.fromEntries(entries);
}
