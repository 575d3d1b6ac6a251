import { ExtensibleFilter } from 'ldapts';
import type { GroupLookUp, GroupScope, GroupSearch } from './group-look-up.ts';
import { groupOf } from './group-of.ts';
import { searchWithin } from './search-within.ts';

/** LDAP_MATCHING_RULE_TRANSITIVE_EVAL (MS-ADTS, 3.1.1.3.4.4.3): the server goes up from group to group. */
export const IN_CHAIN = '1.2.840.113556.1.4.1941';

/** For Active Directory: one search, which may be slow where there are very many groups. No primary group. */
export function createInChainLookUp(search: GroupSearch, scope: GroupScope): GroupLookUp {
  return async ({ dn }, signal) => {
    const filter = new ExtensibleFilter({ matchType: 'member', rule: IN_CHAIN, value: dn });
    const { entries, isWhole } = await searchWithin(search, scope, filter, signal);
    return { groups: entries.map((entry) => groupOf(entry, scope.nameAttribute)), isWhole };
  };
}
