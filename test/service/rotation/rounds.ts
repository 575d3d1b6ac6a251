import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../support/until.ts';

/** Somebody who does the same again and again. */
export interface Rounds extends AsyncDisposable {
  /** Waits until another has begun after this call, and is over. */
  next(): Promise<void>;
}

/** What is left to the machine between two rounds, in milliseconds. */
const PAUSE_MS = 50;

/**
 * Do `round` until the end, which waits for the one that is under way.
 * @param failed is told what a round threw; the next begins all the same
 */
export function startRounds(
  round: (number: number) => Promise<void>,
  failed: (failure: unknown) => void,
): Rounds {
  let ended = false;
  let [begun, over] = [0, 0];
  const rounds = (async () => {
    while (!ended) {
      await round(begun++).catch(failed);
      over = begun;
      await pause(PAUSE_MS);
    }
  })();
  return {
    async next() {
      const target = begun + 1;
      await until('another round is over', () => over >= target);
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      await rounds;
    },
  };
}
