import type { AttemptCounter, Budget, Reservation } from '../ports/attempt-counter.ts';
import type { Principal } from '../ports/principal.ts';

/**
 * The budget of failed sign-ins of one person: counted on the name as typed before the directory is asked,
 * and on the entry's immutable id before the bind, so that every spelling that the directory takes for the
 * same person shares it.
 */
export interface Throttle {
  /** Take one attempt from a typed name's budget. `digest` stands for its canonical form. */
  reserveName(digest: string): Promise<Reservation>;
  /** Take one attempt from a person's budget. */
  reservePerson(principal: Principal): Promise<Reservation>;
  /** Give back what one attempt took: it said nothing about the password. `principal`: where one was found. */
  release(digest: string, principal: Principal | undefined): Promise<void>;
  /** A success: forget the failures. */
  clear(digest: string, principal: Principal): Promise<void>;
}

/** Count over all replicas in `counter`, at most `budget` for each person. */
export function createThrottle(counter: AttemptCounter, budget: Budget): Throttle {
  return {
    reserveName: (digest) => counter.reserve(nameKey(digest), budget),
    reservePerson: (principal) => counter.reserve(personKey(principal), budget),
    async release(digest, principal) {
      await Promise.all(keys(digest, principal).map((key) => counter.release(key)));
    },
    async clear(digest, principal) {
      await Promise.all(keys(digest, principal).map((key) => counter.clear(key)));
    },
  };
}

function keys(digest: string, principal: Principal | undefined): string[] {
  return principal ? [nameKey(digest), personKey(principal)] : [nameKey(digest)];
}

function nameKey(digest: string): string {
  return `name:${digest}`;
}

function personKey({ directoryId, entryId }: Principal): string {
  return `entry:${directoryId}:${entryId}`;
}
