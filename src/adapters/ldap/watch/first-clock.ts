import { changedSince } from './changed-since.ts';
import { changedAt, secondOf } from './server-time.ts';
import type { WatchSearch } from './watch-search.ts';

/** How far back to look for the newest change, in milliseconds: mostly the first search has it. */
const BACK_MS = [120_000, 3_600_000, 86_400_000];

/**
 * Find a time that it has surely been on the server: its newest timestamp of the last day, or what was a day ago by our
 * clock, which may be wrong by so much. Throws what the search throws.
 * @param now our clock, in milliseconds since 1970
 */
export async function firstTime(
  search: WatchSearch,
  bases: readonly string[],
  now: number,
  signal?: AbortSignal,
): Promise<number> {
  let from = now;
  for (const back of BACK_MS) {
    from = secondOf(now - back);
    const found = await Promise.all(
      bases.map((base) =>
        changedSince(search, { base, from, now }, { attributes: ['modifyTimestamp'] }, signal),
      ),
    );
    const times = found.flatMap(({ entries }) => entries.map((entry) => changedAt(entry) ?? 0));
    if (times.length > 0) return times.reduce((latest, time) => Math.max(latest, time));
  }
  return from;
}
