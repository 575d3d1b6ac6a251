/** Whether the store takes commands. Its adapter tells the log when it goes and when it comes. */
export interface StorePresence {
  /** Where it has parts: whether all of them do. */
  isThere(): boolean;
  /** Resolves once the store is there, at once where it is; and once `signal` is aborted. Never rejects. */
  untilThere(signal: AbortSignal): Promise<void>;
}

/** The presence of what is kept in this process. */
export const alwaysThere: StorePresence = { isThere: () => true, async untilThere() {} };
