import { EqualityFilter, OrFilter } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';
import type { GroupLookUp, GroupScope, GroupSearch } from './group-look-up.ts';
import { groupOf, isCut } from './group-of.ts';
import { inBatches } from './in-batches.ts';
import { searchWithin } from './search-within.ts';

const ATTRIBUTE = 'tokenGroups';

/**
 * For Active Directory: the SIDs of all security groups (MS-ADTS, 3.1.1.4.5.19), which the server works out for
 * one person quickly however many groups there are, then one search for every fifty of them. The primary group
 * is among them; distribution groups are not.
 */
export function createTokenGroupsLookUp(search: GroupSearch, scope: GroupScope): GroupLookUp {
  return async ({ dn }, signal) => {
    const how = { attributes: [ATTRIBUTE], explicitBufferAttributes: [ATTRIBUTE] };
    const [entry] = await search(dn, { ...how, scope: 'base' }, signal);
    // Everybody has a primary group: without one the service account may not read them.
    const sids = entry ? attributeValues(entry, ATTRIBUTE) : [];
    if (!entry || sids.length === 0 || sids.length > scope.maxGroups) return { groups: [], isWhole: false };
    const matches = await inBatches(sids, async (batch) => {
      const filters = batch.map((value) => new EqualityFilter({ attribute: 'objectSid', value }));
      return [await searchWithin(search, scope, new OrFilter({ filters }), signal)];
    });
    return {
      groups: matches.flatMap(({ entries }) => entries.map((group) => groupOf(group, scope.nameAttribute))),
      isWhole: !isCut(entry, ATTRIBUTE) && matches.every(({ isWhole }) => isWhole),
    };
  };
}
