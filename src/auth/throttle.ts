import type { AttemptCounter, Budget, Reservation } from '../ports/attempt-counter.ts';
import type { Principal } from '../ports/principal.ts';

/** What one sign-in has counted so far. */
export interface CountedAttempt {
  /**
   * Take one attempt from a typed name's budget, before the directory is asked.
   * @param digest stands for the name's canonical form
   */
  reserveName(digest: string): Promise<Reservation>;
  /** Take one attempt from the budget of the person whom the directory found: every spelling ends up here. */
  reservePerson(principal: Principal): Promise<Reservation>;
  /** Give back all that was taken: the attempt said nothing about the password. */
  giveBack(): Promise<void>;
  /** A success: forget every failure under what was taken. */
  forgetFailures(): Promise<void>;
}

/** Begins to count one sign-in against the budget of failed sign-ins of one person. */
export type Throttle = () => CountedAttempt;

/** Count over all replicas in `counter`, at most `budget` for each person. */
export function createThrottle(counter: AttemptCounter, budget: Budget): Throttle {
  return () => {
    const asked = new Map<string, Promise<Reservation>>();
    const reserve = (key: string): Promise<Reservation> => {
      const reservation = counter.reserve(key, budget);
      asked.set(key, reservation);
      return reservation;
    };
    const forEachTaken = async (act: (key: string) => Promise<void>): Promise<void> => {
      const keys = [...asked.keys()];
      const outcomes = await Promise.allSettled(asked.values());
      const isTaken = (at: number) => outcomes[at]?.status === 'fulfilled' && outcomes[at].value.granted;
      await Promise.all(keys.filter((_, at) => isTaken(at)).map(act));
    };
    return {
      reserveName: (digest) => reserve(`name:${digest}`),
      reservePerson: ({ directoryId, entryId }) => reserve(`entry:${directoryId}:${entryId}`),
      giveBack: () => forEachTaken(counter.release),
      forgetFailures: () => forEachTaken(counter.clear),
    };
  };
}
