/** So many attempts within a sliding window. */
export interface Budget {
  /** How many; a positive integer. */
  readonly attempts: number;
  /** In milliseconds. */
  readonly windowMs: number;
}

/** What came of asking a budget for one attempt. */
export interface Reservation {
  /** Whether the attempt was counted and may go on. */
  readonly granted: boolean;
  /** How many attempts are left after this one. */
  readonly remaining: number;
  /** Milliseconds until the next attempt is granted; 0 while any is left. */
  readonly retryAfterMs: number;
  /** Milliseconds until the budget is whole again if nothing more is counted; refused: until the next is granted. */
  readonly resetMs: number;
}

/**
 * Counts attempts over all replicas. An attempt is counted before it is made, so that any number at once
 * get no more than the budget; a refused one is not counted and never prolongs the wait (Zulip's rule).
 * Every method is one round trip, and throws `Unavailable` when the store does not answer in time.
 */
export interface AttemptCounter {
  /** Count one attempt against `budget` under `key`, if one is left. */
  reserve(key: string, budget: Budget): Promise<Reservation>;

  /** Take the latest attempt back: it was none of the person's failures. */
  release(key: string): Promise<void>;

  /** Forget every attempt under `key`. */
  clear(key: string): Promise<void>;
}
