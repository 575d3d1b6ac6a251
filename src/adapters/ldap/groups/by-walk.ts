import { EqualityFilter, type Filter, OrFilter } from 'ldapts';
import type { Group, GroupLookUp, GroupScope, GroupSearch } from './group-look-up.ts';
import { groupOf } from './group-of.ts';
import { inBatches } from './in-batches.ts';
import { normalDn } from './normal-dn.ts';
import { searchWithin } from './search-within.ts';

/**
 * For servers that do not know who is in a group by another group: first the groups that hold the person
 * (groupOfNames, groupOfUniqueNames, posixGroup), then those that hold these groups, and so on up: a search for
 * every level and every fifty groups of it. The level beyond `maxDepth` is searched for as well, so that it
 * shows whether there are more.
 */
export function createWalkLookUp(search: GroupSearch, scope: GroupScope): GroupLookUp {
  return async ({ dn, username }, signal) => {
    const found = new Map<string, Group>();
    let held = [dn];
    for (let depth = 0; held.length > 0; depth += 1) {
      const byName = depth === 0 ? [equals('memberUid', username)] : [];
      const matches = await inBatches(held, async (batch) => [
        await searchWithin(search, scope, holds(batch, byName), signal),
      ]);
      held = [];
      for (const entry of matches.flatMap(({ entries }) => entries)) {
        const key = normalDn(entry.dn);
        // Groups may hold each other in a ring.
        if (found.has(key)) continue;
        if (depth > scope.maxDepth) return { groups: [...found.values()], isWhole: false };
        found.set(key, groupOf(entry, scope.nameAttribute));
        held.push(entry.dn);
      }
      if (found.size > scope.maxGroups || matches.some(({ isWhole }) => !isWhole)) {
        return { groups: [...found.values()], isWhole: false };
      }
    }
    return { groups: [...found.values()], isWhole: true };
  };
}

/** Matches the groups that hold one of these DNs, or match one of the other filters. */
function holds(dns: readonly string[], others: readonly Filter[]): Filter {
  const byDn = dns.flatMap((dn) => [equals('member', dn), equals('uniqueMember', dn)]);
  return new OrFilter({ filters: [...byDn, ...others] });
}

function equals(attribute: string, value: string): Filter {
  return new EqualityFilter({ attribute, value });
}
