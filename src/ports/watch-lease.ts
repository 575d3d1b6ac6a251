/** Whoever holds it watches a directory for all replicas. */
export interface HeldLease {
  /** What the watch gave last, to whichever replica; `undefined`: nobody has looked yet. */
  readonly cursor: string | undefined;
}

/**
 * One replica at a time holds the lease of a directory: until `forMs` after it last said so, or until it lets go. Every
 * method is atomic over all replicas, and throws `Unavailable` when the store does not answer in time.
 */
export interface WatchLease {
  /**
   * Take the lease, or hold on to it, for `forMs`. `cursor` is kept for whoever holds it next; `undefined`: the one that
   * is kept stays. `undefined` where another replica holds it; nothing is kept then.
   * @param holder names the replica, and no other
   */
  hold(directoryId: string, holder: string, forMs: number, cursor?: string): Promise<HeldLease | undefined>;
  /** Let go, where this replica holds it: another may take it at once. */
  letGo(directoryId: string, holder: string): Promise<void>;
}
