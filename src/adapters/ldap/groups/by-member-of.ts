import { EqualityFilter, OrFilter } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';
import type { Group, GroupLookUp, GroupScope, GroupSearch } from './group-look-up.ts';
import { groupOf, isCut } from './group-of.ts';
import { inBatches } from './in-batches.ts';
import { createIsBelow, normalDn } from './normal-dn.ts';
import { parseDn } from './parse-dn.ts';

const ATTRIBUTE = 'memberOf';

/**
 * For servers that keep the DNs of all of a person's groups in `memberOf`, nested ones included. One search
 * where groups are named by what their DNs begin with; else one more for every fifty groups.
 */
export function createMemberOfLookUp(search: GroupSearch, scope: GroupScope): GroupLookUp {
  const isInBase = createIsBelow(scope.base);
  return async ({ dn }, signal) => {
    const [entry] = await search(dn, { scope: 'base', attributes: [ATTRIBUTE] }, signal);
    if (!entry) return { groups: [], isWhole: false };
    const groups = attributeValues(entry, ATTRIBUTE).map((value) =>
      groupOf({ dn: value.toString() }, scope.nameAttribute),
    );
    const isWhole = !isCut(entry, ATTRIBUTE);
    const unnamed = groups.filter((group) => group.name === undefined && isInBase(group.dn));
    if (unnamed.length === 0 || unnamed.length > scope.maxGroups) return { groups, isWhole };
    const names = await readNames(search, scope, unnamed, signal);
    return { groups: groups.map((group) => names.get(normalDn(group.dn)) ?? group), isWhole };
  };
}

async function readNames(
  search: GroupSearch,
  { base, nameAttribute }: GroupScope,
  groups: readonly Group[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Group>> {
  const entries = await inBatches(groups, (batch) => {
    const filters = batch.flatMap(({ dn }) =>
      (parseDn(dn)[0] ?? []).map(({ type, value }) => new EqualityFilter({ attribute: type, value })),
    );
    return search(
      base,
      { scope: 'sub', filter: new OrFilter({ filters }), attributes: [nameAttribute] },
      signal,
    );
  });
  return new Map(entries.map((entry) => [normalDn(entry.dn), groupOf(entry, nameAttribute)]));
}
