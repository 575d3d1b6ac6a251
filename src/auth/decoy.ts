import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/**
 * Makes refusals that cost no bind take as long as those that do, so that the time of an answer does not
 * tell whether a directory knows a name.
 */
export interface Decoy {
  /** A bind was refused: from the end of finding its person that took so many milliseconds. */
  learn(tookMs: number): void;
  /**
   * Resolves when as much time has passed since `since` (by the decoy's clock) as one of the latest refused
   * binds took, drawn at random; `otherwiseMs`, where none is known yet. Rejects only where `signal` aborts.
   */
  pass(since: number, otherwiseMs: number, signal?: AbortSignal): Promise<void>;
  /** The clock that both are measured with, in milliseconds. */
  now(): number;
}

/** What a decoy rests on. */
export interface DecoyParts {
  /** Milliseconds by a clock that never goes back, with fractions. */
  readonly now: () => number;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  /** Resolves some time after so many whole milliseconds. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
  /** Resolves in the event loop's next turn. */
  readonly nextTurn: () => Promise<unknown>;
}

/** How many of the latest refused binds are drawn from. */
const REMEMBERED = 128;
/** A timer may be late by this, in milliseconds. */
const TIMER_LATENESS_MS = 1;

/** Make a decoy that knows nothing yet. */
export function createDecoy({ now, random, ...wait }: DecoyParts): Decoy {
  const times: number[] = [];
  let next = 0;
  return {
    learn(tookMs) {
      times[next] = tookMs;
      next = (next + 1) % REMEMBERED;
    },
    async pass(since, otherwiseMs, signal) {
      const due = since + (times[Math.floor(random() * times.length)] ?? otherwiseMs);
      const whole = Math.floor(due - now()) - TIMER_LATENESS_MS;
      if (whole > 0) await wait.sleep(whole, signal);
      while (now() < due) {
        signal?.throwIfAborted();
        await wait.nextTurn();
      }
    },
    now,
  };
}

/** The decoy on this machine's clock and timers. @param random from 0 up to but without 1 */
export function createTimedDecoy(random: () => number): Decoy {
  return createDecoy({
    now: () => performance.now(),
    random,
    sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
    nextTurn: () => nextTurn(),
  });
}
