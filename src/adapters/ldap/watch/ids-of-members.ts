import { type Entry, EqualityFilter, OrFilter } from 'ldapts';
import type { Log } from '../../../ports/log.ts';
import { inBatches } from '../groups/in-batches.ts';
import { entryIdOf, type PersonAttributes } from '../people/principal-of.ts';
import { entriesAt } from './entries-at.ts';
import { AS_NAME, type GroupMembers, MEMBER_ATTRIBUTES, type Member, membersOf } from './group-members.ts';
import type { WatchSearch } from './watch-search.ts';

/** Gives the immutable ids of members, and of all whom those that are groups hold. Throws what the search throws. */
export type IdsOfMembers = (
  members: readonly Member[],
  known: GroupMembers,
  signal?: AbortSignal,
) => Promise<ReadonlySet<string>>;

/** How people are read. */
export interface PeopleOptions {
  readonly id: string;
  readonly userBase: string;
  readonly attributes: PersonAttributes;
}

/** More are not looked at in one go. */
export const MAX_MEMBERS_AT_ONCE = 5000;

/**
 * Make what goes down from groups to people. Members that are `known` as groups are not read again; the others are, to
 * see what they are. Those that are not there any more have no id that could be told.
 * @param maxDepth how far groups may be nested
 */
export function createIdsOfMembers(
  { search, log }: { readonly search: WatchSearch; readonly log: Log },
  { id: directory, userBase, attributes }: PeopleOptions,
  maxDepth: number,
): IdsOfMembers {
  const buffers = attributes.idSyntax === 'octets' ? [attributes.id] : [];
  const reading = { attributes: [attributes.id, ...MEMBER_ATTRIBUTES], explicitBufferAttributes: buffers };
  const named = (names: readonly string[], signal?: AbortSignal): Promise<readonly Entry[]> =>
    inBatches(names, (batch) => {
      const filters = batch.map((value) => new EqualityFilter({ attribute: attributes.username, value }));
      const how = { attributes: [attributes.id], explicitBufferAttributes: buffers };
      return search.all(userBase, { ...how, scope: 'sub', filter: new OrFilter({ filters }) }, signal);
    });

  return async (members, known, signal) => {
    const ids = new Set<string>();
    const seen = new Set<Member>(members);
    let level = [...seen];
    for (let depth = 0; level.length > 0 && depth <= maxDepth; depth += 1) {
      if (seen.size > MAX_MEMBERS_AT_ONCE) {
        log.warn({ directory, members: seen.size }, TOO_MANY);
        level = level.slice(0, MAX_MEMBERS_AT_ONCE);
      }
      const isName = (member: Member) => member.startsWith(AS_NAME);
      const names = level.filter(isName).map((member) => member.slice(AS_NAME.length));
      const unknown = level.filter((member) => !isName(member) && !known.has(member));
      const entries = await entriesAt(search, unknown, reading, signal);
      for (const entry of [...entries, ...(await named(names, signal))]) {
        const id = entryIdOf(entry, attributes);
        if (id !== undefined) ids.add(id);
      }
      const held = [
        ...level.flatMap((member) => [...(known.get(member) ?? [])]),
        ...entries.flatMap((entry) => [...membersOf(entry)]),
      ];
      level = [...new Set(held)].filter((member) => !seen.has(member));
      for (const member of level) seen.add(member);
    }
    return ids;
  };
}

const TOO_MANY =
  'more people are in groups that changed than are looked at in one go: the others are rechecked when their keys are used';
