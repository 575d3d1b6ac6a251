/** What has changed in a directory since somebody last looked. */
export interface Changes {
  /** Where to go on from: opaque text of at most a few KiB, the same for whoever looks next. */
  readonly cursor: string;
  /**
   * Immutable ids, as `Principal` has them, of entries that changed or went, or whose groups changed; each once.
   * Somebody may be among them to whom nothing happened.
   */
  readonly entryIds: readonly string[];
}

/**
 * Looks for changes in one directory that may decide whether somebody may still come in. It sees what the directory lets
 * it see: an entry that it does not name may have changed all the same.
 */
export interface DirectoryWatch {
  readonly directoryId: string;
  /**
   * What changed since `cursor` was given; `undefined`: from now on, so that nothing has yet. A change may be told twice.
   * Throws `Unavailable` where the directory does not answer, and `signal`'s reason; then the cursor stays good.
   */
  changesSince(cursor: string | undefined, signal?: AbortSignal): Promise<Changes>;
}
