import type { Entry } from 'ldapts';
import { changedAt } from './server-time.ts';

/** What is known of the time on the server: from the timestamps that it wrote. */
export interface ServerClock {
  /** It was surely this time there, in milliseconds since 1970, */
  readonly time: number;
  /** when a clock of our own showed this. */
  readonly at: number;
  /** The newest timestamp seen. */
  readonly newest: number;
}

/** How far our own clock alone may carry it on. */
const MAX_AHEAD_MS = 600_000;

/** The clock as a timestamp says it was. */
export function clockOf(newest: number, at: number): ServerClock {
  return { time: newest, at, newest };
}

/**
 * The clock after a search: set by the newest timestamp that it found, or else carried on by our own, a few minutes at
 * most, so that what changed last is not found for ever.
 * @param asked when the search was begun, and `answered` when it was over: by our own
 */
export function clockAfter(
  before: ServerClock,
  entries: readonly Entry[],
  { asked, answered }: { readonly asked: number; readonly answered: number },
): ServerClock {
  const newest = entries.reduce((latest, entry) => Math.max(latest, changedAt(entry) ?? 0), before.newest);
  const carried = Math.min(before.time + (asked - before.at), newest + MAX_AHEAD_MS);
  if (newest > carried) return clockOf(newest, answered);
  return { time: Math.max(before.time, carried), at: asked, newest };
}
