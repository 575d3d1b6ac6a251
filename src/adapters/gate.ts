import { Unavailable } from '../errors.ts';

/** How many may be inside at once, how many may wait, and for what. */
export interface GateOptions {
  readonly size: number;
  readonly maxWaiting: number;
  /** The longest wait, in milliseconds; `undefined`: who is inside is expected to leave by itself. */
  readonly maxWaitMs: number | undefined;
  /** What is waited for, as it should read in the error. */
  readonly awaited: string;
}

/**
 * Runs tasks, at most so many at once. Throws `Unavailable` where the wait is too long or too many wait, and
 * the reason of whichever of `signals` is aborted before the task has begun, which then never begins.
 */
export type Gate = <T>(task: () => Promise<T>, ...signals: (AbortSignal | undefined)[]) => Promise<T>;

/** Make a gate. Who has waited longest goes in next. */
export function createGate({ size, maxWaiting, maxWaitMs, awaited }: GateOptions): Gate {
  let inside = 0;
  const waiting = new Set<() => void>();

  const enter = async (signals: readonly (AbortSignal | undefined)[]): Promise<void> => {
    for (const signal of signals) signal?.throwIfAborted();
    if (inside < size) {
      inside++;
      return;
    }
    if (waiting.size >= maxWaiting) throw new Unavailable('directory', `too many wait for ${awaited}`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.add(resolve);
    const timer =
      maxWaitMs === undefined
        ? undefined
        : setTimeout(() => {
            waiting.delete(resolve);
            reject(new Unavailable('directory', `${awaited} was not to be had within ${maxWaitMs} ms`));
          }, maxWaitMs);
    const giveUp = ({ target }: Event) => {
      waiting.delete(resolve);
      reject((target as AbortSignal).reason);
    };
    for (const signal of signals) signal?.addEventListener('abort', giveUp);
    await promise.finally(() => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', giveUp);
    });
  };

  const leave = (): void => {
    const [next] = waiting;
    if (!next) {
      inside--;
      return;
    }
    waiting.delete(next);
    next();
  };

  return async (task, ...signals) => {
    await enter(signals);
    try {
      return await task();
    } finally {
      leave();
    }
  };
}
