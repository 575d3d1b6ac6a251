import { type Entry, OrFilter, PresenceFilter, SizeLimitExceededError } from 'ldapts';
import { entriesAt } from './entries-at.ts';
import { asDn, type GroupMembers, MEMBER_ATTRIBUTES, type Member, membersOf } from './group-members.ts';
import type { WatchSearch } from './watch-search.ts';
import type { WatchedGroups } from './watched-groups.ts';

/** What was read of the groups; not `isWhole`: there are more than are kept, or than the server gives. */
export interface GroupsRead {
  readonly members: GroupMembers;
  readonly isWhole: boolean;
}

/** So many members of all groups together are kept: some 15 MB. */
const MAX_MEMBERS = 100_000;

/** Whoever holds anybody. */
const HOLDING = new OrFilter({
  filters: MEMBER_ATTRIBUTES.map((attribute) => new PresenceFilter({ attribute })),
});

/** Read who is in which group, those that decide first. Throws what the search throws. */
export async function readGroups(
  search: WatchSearch,
  { places: { base, outside, required, denied } }: WatchedGroups,
  signal?: AbortSignal,
): Promise<GroupsRead> {
  const how = { attributes: MEMBER_ATTRIBUTES, explicitBufferAttributes: [] };
  const first = new Set([...(required === undefined ? [] : [required]), ...denied, ...outside]);
  const deciding = await entriesAt(search, [...first], how, signal);
  const members = new Map<string, ReadonlySet<Member>>();
  let count = 0;
  const keep = (entry: Entry): boolean => {
    const dn = asDn(entry.dn);
    if (dn === undefined || members.has(dn)) return true;
    const held = membersOf(entry);
    if (count + held.size > MAX_MEMBERS) return false;
    count += held.size;
    if (held.size > 0) members.set(dn, held);
    return true;
  };
  const isWhole = await readPages(search, base, how.attributes, signal, () => {
    members.clear();
    count = 0;
    return [...deciding].every(keep) && keep;
  });
  return { members, isWhole };
}

/**
 * The DNs of all groups that hold anybody, below the base; `undefined`: there are more than the server gives. Throws
 * what the search throws.
 */
export async function listGroups(
  search: WatchSearch,
  { places: { base } }: WatchedGroups,
  signal?: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const found = new Set<string>();
  const isWhole = await readPages(search, base, ['1.1'], signal, () => {
    found.clear();
    return ({ dn }) => {
      const normal = asDn(dn);
      if (normal !== undefined) found.add(normal);
      return true;
    };
  });
  return isWhole ? found : undefined;
}

/** Gives each group to what `begin` gives, until that gives `false`; whether it never did and there are no more. */
async function readPages(
  search: WatchSearch,
  base: string,
  attributes: string[],
  signal: AbortSignal | undefined,
  begin: () => false | ((entry: Entry) => boolean),
): Promise<boolean> {
  let keep: false | ((entry: Entry) => boolean) = false;
  let isWhole = true;
  const reader = {
    begin: () => {
      keep = begin();
      isWhole = keep !== false;
    },
    take: (entries: readonly Entry[]) => {
      isWhole = isWhole && entries.every((entry) => keep !== false && keep(entry));
      return isWhole;
    },
  };
  try {
    await search.pages(base, { scope: 'sub', filter: HOLDING, attributes }, reader, signal);
    signal?.throwIfAborted();
    return isWhole;
  } catch (failure) {
    if (failure instanceof SizeLimitExceededError) return false;
    throw failure;
  }
}
