/** So many attempts within a window. */
export interface Budget {
  /** How many; a positive integer. */
  readonly attempts: number;
  /** In milliseconds. */
  readonly windowMs: number;
  /** A budget beside this one, for addresses that were remembered; `undefined`: there is only this one. */
  readonly familiar?: FamiliarBudget;
  /**
   * Attempts count until none was counted for a whole window, on this budget and the familiar one, instead
   * of each for a window of its own: as directories count towards their lockouts.
   */
  readonly untilQuiet?: boolean;
}

/** What addresses that somebody has signed in from may. */
export interface FamiliarBudget {
  /** How many within the same window; a positive integer. */
  readonly attempts: number;
  /** For how long an address stays familiar, in milliseconds. */
  readonly rememberMs: number;
}

/** Which of the two budgets under one key an attempt counts on. */
export type AttemptKind = 'strangers' | 'familiar';

/** What came of asking a budget for one attempt. */
export interface Reservation {
  /** Whether the attempt was counted and may go on. */
  readonly granted: boolean;
  /** The budget that applied. */
  readonly kind: AttemptKind;
  /** How many attempts that budget has. */
  readonly limit: number;
  /** How many attempts are left after this one. */
  readonly remaining: number;
  /** Milliseconds until the next attempt is granted; 0 while any is left. */
  readonly retryAfterMs: number;
  /** Milliseconds until the budget is whole again if nothing more is counted; refused: until the next is granted. */
  readonly resetMs: number;
}

/** How a budget stands. */
export interface Standing {
  readonly used: number;
  readonly remaining: number;
  /** Milliseconds until the next attempt is granted; 0 while any is left. */
  readonly retryAfterMs: number;
}

/** How the budgets under one key stand; `familiar` is there where the budget has one. */
export interface Standings {
  readonly strangers: Standing;
  readonly familiar?: Standing;
}

/** An address to be remembered, and for how long in milliseconds. */
export interface RememberedAddress {
  /** An HMAC of the address: the counter never holds the address itself. */
  readonly address: string;
  readonly rememberMs: number;
}

/**
 * Counts attempts over all replicas. An attempt is counted before it is made, so that any number at once
 * get no more than the budget; a refused one is not counted and never prolongs the wait (Zulip's rule).
 * Every method is one round trip, and throws `Unavailable` when the store does not answer in time.
 */
export interface AttemptCounter {
  /**
   * Count one attempt against `budget` under `key`, if one is left: against its familiar part where
   * `address` (an HMAC) was remembered under the key.
   */
  reserve(key: string, budget: Budget, address?: string): Promise<Reservation>;

  /** Take the latest attempt of a kind (`strangers` where none is given) back: it was none of the person's failures. */
  release(key: string, kind?: AttemptKind): Promise<void>;

  /**
   * Forget every attempt under `key`, of both kinds, and remember an address there: at most 20 of them, the
   * oldest goes.
   */
  clear(key: string, remember?: RememberedAddress): Promise<void>;

  /** How the budgets under `key` stand, without counting anything. */
  show(key: string, budget: Budget): Promise<Standings>;
}
