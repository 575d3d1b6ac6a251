/** How much may go at once. */
export interface BrakeOptions {
  /** Of the accounts of a directory that were checked within the window, the part that may be absent; 0 to 1. */
  readonly share: number;
  /** So many may be absent whatever part that is. */
  readonly atLeast: number;
  /** In milliseconds. */
  readonly windowMs: number;
}

/** Of so many accounts at most that were checked last it counts; a part of that many is as telling as one of all. */
export const BRAKE_SAMPLE = 1000;

/** How the brake of one directory stands; counts are of accounts, each once, within the window and the sample. */
export interface BrakeStanding {
  readonly checked: number;
  readonly absent: number;
  /** Since when it holds, in milliseconds since 1970; `undefined`: it does not. */
  readonly heldSince: number | undefined;
  /** Until when an operator lets everybody go, in milliseconds since 1970; `undefined`: nobody has released it. */
  readonly releasedUntil: number | undefined;
}

/** Whether somebody may go, and whether it was their going that made the brake hold. */
export interface MayLeave {
  readonly isAllowed: boolean;
  readonly standing: BrakeStanding;
  /** Set once each time the brake begins to hold. */
  readonly hasJustTaken: boolean;
}

/**
 * Stops a mass of people from being taken for leavers because a directory does not show them any more: counted over all
 * replicas, for each directory. Once it holds it holds until an operator releases it. Every method throws
 * `Unavailable` when the store does not answer in time.
 */
export interface LeaverBrake {
  /** Count an account that its directory let in. */
  checked(directoryId: string, accountId: number): Promise<void>;
  /**
   * Count an account that its directory does not show any more, and tell whether it may go: not once at least `atLeast`
   * are absent, and more than `share` of those checked, until the brake is released.
   */
  mayLeave(directoryId: string, accountId: number): Promise<MayLeave>;
  /** How it stands, without counting anything. */
  standing(directoryId: string): Promise<BrakeStanding>;
  /** Let everybody go for so many milliseconds; the brake holds no more. */
  release(directoryId: string, forMs: number): Promise<void>;
}
