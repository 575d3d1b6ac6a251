import type { Answer } from './ask.ts';

/** A key that was handed out, and when it must be good and when it must not; times by `performance.now()`. */
export interface KeyLife {
  readonly apiKey: string;
  /** Nobody may refuse it from here on … */
  goodFrom: number;
  /** … until here; `Infinity`: nobody has begun to change that. */
  goodUntil: number;
  /** Nobody may accept it from here on; `Infinity`: it may be good. */
  deadFrom: number;
}

/** One that is good. */
export function newKey(apiKey: string): KeyLife {
  return {
    apiKey,
    goodFrom: performance.now(),
    goodUntil: Number.POSITIVE_INFINITY,
    deadFrom: Number.POSITIVE_INFINITY,
  };
}

/** Something is about to be done that may end it. */
export function unsettle(key: KeyLife): void {
  key.goodUntil = performance.now();
}

/** It has ended. @param ms how much longer somebody may not have heard of it */
export function end(key: KeyLife, ms: number): void {
  key.deadFrom = performance.now() + ms;
}

/** Something is about to be done that may bring it back. */
export function mayLive(key: KeyLife): void {
  key.deadFrom = Number.POSITIVE_INFINITY;
}

/** It is good again. */
export function settle(key: KeyLife): void {
  key.goodFrom = performance.now();
  key.goodUntil = Number.POSITIVE_INFINITY;
}

/** What is wrong with an answer about a key; `undefined`: nothing. */
export function wrongAbout(key: KeyLife, { status, begunAt, endedAt }: Answer): string | undefined {
  if (status === 401 && begunAt >= key.goodFrom && endedAt < key.goodUntil) return 'a good key was refused';
  if (status === 200 && begunAt >= key.deadFrom) {
    return `a key was accepted ${Math.round(begunAt - key.deadFrom)} ms after it had ended for everybody`;
  }
  return undefined;
}
