import { setTimeout as delay } from 'node:timers/promises';

/** Things that are done again and again until they are ended; ending waits for what is being done. */
export interface Lanes {
  /** Do this again and again, with a pause of about so many milliseconds after each time. */
  run(pauseMs: number, step: () => Promise<void>): void;
  /** Whether they have been ended: what takes long may stop between two of its steps. */
  readonly isEnded: () => boolean;
  /** End them, and wait for what is being done. @throws what a step threw first; the others have been ended by it */
  end(): Promise<void>;
  /** Resolves when a step has thrown, or all are ended. */
  readonly broken: Promise<void>;
}

/** Begin with none. */
export function openLanes(): Lanes {
  const ending = new AbortController();
  const running: Promise<void>[] = [];
  const { promise: broken, resolve: breakOff } = Promise.withResolvers<void>();
  let failure: { readonly thrown: unknown } | undefined;
  const fail = (thrown: unknown) => {
    failure ??= { thrown };
    ending.abort();
    breakOff();
  };
  const repeat = async (pauseMs: number, step: () => Promise<void>) => {
    while (!ending.signal.aborted) {
      await step();
      // Never in step with the others.
      const ms = pauseMs * (0.5 + Math.random());
      await delay(ms, undefined, { signal: ending.signal }).catch(() => {});
    }
  };
  return {
    run: (pauseMs, step) => void running.push(repeat(pauseMs, step).catch(fail)),
    isEnded: () => ending.signal.aborted,
    broken,
    async end() {
      ending.abort();
      await Promise.all(running);
      breakOff();
      if (failure) throw failure.thrown;
    },
  };
}
