import type { SearchOptions } from 'ldapts';
import type { DirectoryWatch } from '../../../ports/directory-watch.ts';
import type { Log } from '../../../ports/log.ts';
import { entryIdOf } from '../people/principal-of.ts';
import { type Changed, changedSince } from './changed-since.ts';
import { firstTime } from './first-clock.ts';
import type { GroupChanges, GroupsSeen } from './group-changes.ts';
import type { IdsOfMembers, PeopleOptions } from './ids-of-members.ts';
import { clockAfter, clockOf, type ServerClock } from './server-clock.ts';
import { readCursor, writeCursor } from './timestamp-cursor.ts';
import { MARK_ATTRIBUTES, type Told, untold } from './told.ts';
import type { WatchSearch } from './watch-search.ts';

/** What a watch by `modifyTimestamp` is made of. */
export interface TimestampParts {
  readonly search: WatchSearch;
  readonly log: Log;
  readonly clocks: { readonly now: () => number; readonly monotonic: () => number };
  /** Where to look, each with what is below it. */
  readonly basesOf: (signal?: AbortSignal) => Promise<readonly string[]>;
  /** `undefined`: no groups are watched. */
  readonly groupChanges: GroupChanges | undefined;
  readonly idsOfMembers: IdsOfMembers;
}

/** Timestamps have seconds, clocks of servers differ, and replicas lag behind: so far back each look looks again. */
const OVERLAP_MS = 60_000;

/** What one look leaves to the next; never changed, so that a look that failed has left nothing. */
interface Memory {
  readonly clock: ServerClock;
  readonly told: Told;
  readonly groups: GroupsSeen;
}

/** A look that was made. */
interface Look {
  readonly given: string | undefined;
  readonly before: Memory;
  readonly gave: string;
  readonly after: Memory;
}

/**
 * Watch by `modifyTimestamp` (RFC 4512, 3.4.4), whatever the entries are: one search tells what changed since a time by
 * the server's clock. What has been told within the overlap, and who was in which group, is remembered: another watch,
 * or one that is given another cursor than it gave last, tells some of it again, and of a group that changed meanwhile
 * all whom it holds now.
 */
export function createTimestampWatch(
  parts: TimestampParts,
  options: PeopleOptions,
): DirectoryWatch['changesSince'] {
  const { search, clocks, basesOf, groupChanges, idsOfMembers } = parts;
  const { id, idSyntax } = options.attributes;
  const how: SearchOptions = {
    attributes: [...MARK_ATTRIBUTES, id],
    explicitBufferAttributes: idSyntax === 'octets' ? [id] : [],
  };
  let last: Look | undefined;

  const remembered = (cursor: string): Memory | undefined => {
    if (cursor === last?.gave) return last.after;
    return cursor === last?.given ? last.before : undefined;
  };

  const begin = async (
    cursor: string | undefined,
    bases: readonly string[],
    signal?: AbortSignal,
  ): Promise<Memory> => {
    // Before the search for what changed, so that what changes meanwhile is found in one of the two.
    const groups = await groupChanges?.begin(last?.after.groups, signal);
    const time = readCursor(cursor)?.until ?? (await firstTime(search, bases, clocks.now(), signal));
    return { clock: clockOf(time, clocks.monotonic()), told: new Map(), groups: groups ?? new Map() };
  };

  const changed = async (bases: readonly string[], time: number, signal?: AbortSignal): Promise<Changed> => {
    const since = { from: time - OVERLAP_MS, now: Math.max(time, clocks.now()) };
    const found = await Promise.all(
      bases.map((base) => changedSince(search, { ...since, base }, how, signal)),
    );
    return {
      entries: found.flatMap(({ entries }) => entries),
      isWhole: found.every(({ isWhole }) => isWhole),
    };
  };

  return async (cursor, signal) => {
    const bases = await basesOf(signal);
    const isFirst = readCursor(cursor) === undefined;
    const known = cursor === undefined ? undefined : remembered(cursor);
    const before = known ?? (await begin(cursor, bases, signal));
    const asked = clocks.monotonic();
    const { entries: found, isWhole } = await changed(bases, before.clock.time, signal);
    const there = before.clock.time + (asked - before.clock.at);
    const times = { asked, answered: clocks.monotonic(), there };
    const { entries, told } = untold(found, before.told, times);
    if (!isWhole && entries.length > 0) parts.log.warn({ directory: options.id }, CUT);
    const changes = await groupChanges?.among(
      entries,
      { seen: before.groups, isKnown: known !== undefined },
      signal,
    );
    const groups = changes?.seen ?? before.groups;
    const idsOf = async () => {
      const ids = entries.flatMap((entry) => entryIdOf(entry, options.attributes) ?? []);
      return [...new Set([...ids, ...(changes ? await idsOfMembers(changes.members, groups, signal) : [])])];
    };
    const entryIds = isFirst ? [] : await idsOf();
    const clock = clockAfter(before.clock, found, times);
    const number = (readCursor(cursor)?.number ?? 0) + (entryIds.length > 0 ? 1 : 0);
    const gave = writeCursor({ until: clock.time, number });
    last = { given: cursor, before, gave, after: { clock, told, groups } };
    return { cursor: gave, entryIds };
  };
}

const CUT =
  'more entries changed at once than the directory gives in one answer: those left out are rechecked when their keys are used';
