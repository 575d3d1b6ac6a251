import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '../errors.ts';
import type { RingGuard } from './ring-guard.ts';

/** Between two attempts while the store is away, in milliseconds. */
const RETRY_MS = 500;

/**
 * Have the ring registered as soon as the store answers, whether or not anybody asks for a key. Resolves when it has, or
 * when `signal` is aborted.
 */
export async function registerAtStart(
  guard: Pick<RingGuard, 'isAccepted'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await guard.isAccepted();
      return;
    } catch (failure) {
      if (!(failure instanceof Unavailable)) throw failure;
    }
    await pause(RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}
