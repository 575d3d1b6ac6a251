import { untilAborted } from '../until-aborted.ts';

/** For how long what was read is taken as it is, and how long anybody waits for it; in milliseconds. */
export interface RememberOptions {
  readonly freshMs: number;
  /** After a failure it is not asked for again before this. */
  readonly retryMs: number;
  /** The longest that anybody waits for one reading; it goes on for those who come later. */
  readonly waitMs: number;
}

/**
 * Gives what was read last, read anew once it is too old, once however many ask meanwhile. `undefined`: nothing
 * has been read yet. Never throws.
 */
export type Remembered<T> = () => Promise<T | undefined>;

/**
 * Make one. Nothing is read before it is first asked for.
 * @param read may throw: then what was read before still holds
 * @param onFailure told what `read` threw
 */
export function createRemembered<T>(
  read: () => Promise<T>,
  options: RememberOptions,
  onFailure: (cause: unknown) => void,
  now: () => number,
): Remembered<T> {
  let last: T | undefined;
  let dueAt = Number.NEGATIVE_INFINITY;
  let waiting: Promise<void> | undefined;

  const readOnce = async () => {
    try {
      last = await read();
      dueAt = now() + options.freshMs;
    } catch (cause) {
      dueAt = now() + options.retryMs;
      onFailure(cause);
    } finally {
      waiting = undefined;
    }
  };
  const begin = () => untilAborted(readOnce(), AbortSignal.timeout(options.waitMs)).catch(() => undefined);

  return async () => {
    if (now() >= dueAt) {
      waiting ??= begin();
      await waiting;
    }
    return last;
  };
}
