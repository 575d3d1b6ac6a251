import type { AttemptCounter, Budget, Reservation } from '../ports/attempt-counter.ts';
import type { Lockout, UnreadPerson } from '../ports/directory.ts';
import type { Principal } from '../ports/principal.ts';
import { belowLockout } from './below-lockout.ts';
import type { SignInBudgets } from './sign-in-budgets.ts';

/** What one sign-in has counted so far. */
export interface CountedAttempt {
  /**
   * Take one attempt from a typed name's budget, before the directory is asked.
   * @param digest stands for the name's canonical form
   */
  reserveName(digest: string): Promise<Reservation>;
  /**
   * Take one attempt from the budget of the person whom the directory found: every spelling ends up here.
   * It stays below the directory's own `lockout`, where there is one.
   */
  reservePerson(person: Principal | UnreadPerson, lockout: Lockout | undefined): Promise<Reservation>;
  /** Give back all that was taken: the attempt said nothing about the password. */
  giveBack(): Promise<void>;
  /** A success: forget every failure under what was taken, and remember there where it came from. */
  forgetFailures(): Promise<void>;
}

/**
 * Begins to count one sign-in against the budget of failed sign-ins of one person.
 * @param address the client's, as `SignInAttempt` has it
 */
export type Throttle = (address: string) => CountedAttempt;

/** What counting rests on. */
export interface ThrottleParts extends Pick<SignInBudgets, 'keys' | 'digestAddress'> {
  /** Counts over all replicas. */
  readonly counter: AttemptCounter;
}

/** What stands for a client whose address cannot be read: everybody's, and so familiar to nobody. */
const NO_ADDRESS = 'unknown';

/** Count at most `budget` for each person. */
export function createThrottle({ counter, keys, digestAddress }: ThrottleParts, budget: Budget): Throttle {
  const remembering = budget.familiar;
  return (typedAddress) => {
    const address = remembering && typedAddress !== NO_ADDRESS ? digestAddress(typedAddress) : undefined;
    const asked = new Map<string, Promise<Reservation>>();
    const reserve = (key: string, from: Budget): Promise<Reservation> => {
      const reservation = counter.reserve(key, from, address);
      asked.set(key, reservation);
      return reservation;
    };
    /** What was taken, once; afterwards nothing is. */
    const taken = async (): Promise<[key: string, Reservation][]> => {
      const outcomes = await Promise.allSettled(
        [...asked].map(async ([key, reservation]) => [key, await reservation] as [string, Reservation]),
      );
      asked.clear();
      return outcomes.flatMap((one) =>
        one.status === 'fulfilled' && one.value[1].granted ? [one.value] : [],
      );
    };
    return {
      reserveName: (digest) => reserve(keys.ofName(digest), budget),
      reservePerson: (person, lockout) => reserve(keys.ofPerson(person), belowLockout(budget, lockout)),
      async giveBack() {
        await Promise.all((await taken()).map(([key, { kind }]) => counter.release(key, kind)));
      },
      async forgetFailures() {
        const remember =
          remembering && address !== undefined ? { address, rememberMs: remembering.rememberMs } : undefined;
        await Promise.all((await taken()).map(([key]) => counter.clear(key, remember)));
      },
    };
  };
}
