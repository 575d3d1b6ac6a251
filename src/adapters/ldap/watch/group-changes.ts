import type { Entry } from 'ldapts';
import type { Log } from '../../../ports/log.ts';
import { entriesAt } from './entries-at.ts';
import {
  asDn,
  difference,
  type GroupMembers,
  MEMBER_ATTRIBUTES,
  type Member,
  membersOf,
} from './group-members.ts';
import { listGroups, readGroups } from './read-groups.ts';
import type { WatchSearch } from './watch-search.ts';
import type { WatchedGroups } from './watched-groups.ts';

/** Who was in which group when it was last read. */
export type GroupsSeen = GroupMembers;

/** Who came to groups or left them, or was in one that is gone; and the groups as they are now. */
export interface MembersChanged {
  readonly members: readonly Member[];
  readonly seen: GroupsSeen;
}

/** Finds out who came to groups and who left. Both throw what the search throws. */
export interface GroupChanges {
  /** Read the groups, unless they have been. */
  begin(seen: GroupsSeen | undefined, signal?: AbortSignal): Promise<GroupsSeen>;
  /**
   * Look which of these entries are groups, and what changed in them. Not `isKnown`: they may have changed before they
   * were `seen` as they are, and all of their members are told.
   */
  among(
    entries: readonly Entry[],
    before: { readonly seen: GroupsSeen; readonly isKnown: boolean },
    signal?: AbortSignal,
  ): Promise<MembersChanged>;
}

/** Every so many looks it is looked for groups that are gone, which no timestamp tells. */
const LOOKS_BETWEEN_LISTS = 10;

/** Make it. Where there are more groups than are kept, those beyond tell all of their members when they change. */
export function createGroupChanges(
  { search, log }: { readonly search: WatchSearch; readonly log: Log },
  groups: WatchedGroups,
  directory: string,
): GroupChanges {
  const how = { attributes: MEMBER_ATTRIBUTES, explicitBufferAttributes: [] };
  let isListed = true;
  let looks = 0;

  const gone = async (seen: GroupsSeen, signal?: AbortSignal): Promise<readonly string[]> => {
    looks += 1;
    if (!isListed || looks % LOOKS_BETWEEN_LISTS !== 0) return [];
    const there = await listGroups(search, groups, signal);
    isListed = there !== undefined;
    if (!there) return [];
    return [...seen.keys()].filter((dn) => !there.has(dn) && !groups.places.outside.includes(dn));
  };

  return {
    async begin(seen, signal) {
      if (seen) return seen;
      const { members, isWhole } = await readGroups(search, groups, signal);
      if (!isWhole) log.warn({ directory, groups: members.size }, TOO_MANY);
      isListed = isWhole;
      return members;
    },
    async among(entries, { seen, isKnown }, signal) {
      const dns = entries.flatMap(({ dn }) => (groups.isWatched(dn) ? (asDn(dn) ?? []) : []));
      const lost = await gone(seen, signal);
      if (dns.length === 0 && lost.length === 0) return { members: [], seen };
      const now = new Map(seen);
      const members = new Set<Member>();
      for (const entry of await entriesAt(search, dns, how, signal)) {
        const dn = asDn(entry.dn) ?? entry.dn;
        const held = membersOf(entry);
        const changed = difference(seen.get(dn), held);
        for (const member of isKnown ? changed : [...changed, ...held]) members.add(member);
        if (held.size > 0) now.set(dn, held);
        else now.delete(dn);
      }
      for (const dn of lost) {
        for (const member of now.get(dn) ?? []) members.add(member);
        now.delete(dn);
      }
      return { members: [...members], seen: now };
    },
  };
}

const TOO_MANY =
  'more members of groups than are kept: who leaves a group beyond is rechecked when the key is used, not at once';
