import type { DirectoryConnections } from '../../adapters/ldap/connections.ts';
import { LOOK_UPS } from '../../adapters/ldap/groups/admit-by-groups.ts';
import { createWalkLookUp } from '../../adapters/ldap/groups/by-walk.ts';
import type { Group, GroupSearch } from '../../adapters/ldap/groups/group-look-up.ts';
import {
  type GroupOptions,
  type GroupPlaces,
  groupPlaces,
} from '../../adapters/ldap/groups/group-options.ts';
import { normalDn } from '../../adapters/ldap/groups/normal-dn.ts';
import type { Directory } from '../../ports/directory.ts';
import type { Principal } from '../../ports/principal.ts';
import { reasonOf, resultCodeOf } from '../reason.ts';
import { RESULT } from '../result-codes.ts';
import type { Look } from '../step.ts';

/** Whose groups, and how they are read. */
export interface GroupsAsked {
  readonly directory: Pick<Directory, 'admit'>;
  readonly connections: DirectoryConnections;
  readonly groups: GroupOptions;
  readonly userBase: string;
}

/** More are counted, not named. */
const MAX_NAMED = 12;

/** Read a person's groups, say how each holds them, and let the service decide by them. */
export async function lookAtGroups(asked: GroupsAsked, principal: Principal): Promise<Look<true>> {
  const { directory, connections, groups, userBase } = asked;
  const places = groupPlaces(groups, userBase);
  if (!places) {
    return {
      status: 'skipped',
      seen: 'none are asked for: groups.base, requiredGroup and denyGroups are not set',
    };
  }
  const search: GroupSearch = (base, how) =>
    connections.search(async (client) => (await client.search(base, how)).searchEntries);
  const scope = { ...groups, ...places };
  try {
    const { groups: held, isWhole } = await LOOK_UPS[groups.lookUp](search, scope)(principal);
    const direct = await createWalkLookUp(search, { ...scope, maxDepth: 0 })(principal);
    const seen = `by ${groups.lookUp} below ${places.base}: ${describe(held, direct.groups)}${isWhole ? '' : ', and maybe more'}`;
    const admitted = await directory.admit(principal);
    if ('principal' in admitted) {
      const why = places.required === undefined ? '' : '; requiredGroup is among them';
      return { status: 'ok', seen: `${seen}${why}`, value: true };
    }
    return {
      status: 'failed',
      seen: `${seen}; not let in`,
      fix: await refusalFix(search, groups, places, held),
    };
  } catch (failure) {
    return {
      status: 'failed',
      seen: `by ${groups.lookUp}: ${reasonOf(failure)}`,
      fix:
        resultCodeOf(failure) === RESULT.noSuchObject
          ? `groups.base: the DN below which groups are; there is no ${places.base}`
          : 'groups.base, groups.lookUp, groups.maxGroups: what the server can do (walk everywhere; tokenGroups or inChain on Active Directory; memberOf on FreeIPA)',
    };
  }
}

function describe(held: readonly Group[], direct: readonly Group[]): string {
  if (held.length === 0) return 'none';
  const directly = new Set(direct.map(({ dn }) => normalDn(dn)));
  const named = held
    .slice(0, MAX_NAMED)
    .map(
      ({ dn, name }) => `${name ?? dn} (${directly.has(normalDn(dn)) ? 'direct' : 'through another group'})`,
    );
  const more = held.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

async function refusalFix(
  search: GroupSearch,
  { requiredGroup }: GroupOptions,
  { denied }: GroupPlaces,
  held: readonly Group[],
): Promise<string> {
  const denying = held.find(({ dn }) => denied.includes(normalDn(dn)));
  if (denying)
    return `denyGroups: ${denying.dn} keeps this person out; take them out of it, or it out of the list`;
  if (requiredGroup !== undefined && !(await exists(search, requiredGroup))) {
    return `requiredGroup (LDAP_REQUIRED_GROUP): there is no ${requiredGroup}, or the service account may not read it`;
  }
  return `requiredGroup (LDAP_REQUIRED_GROUP): put the person into ${requiredGroup}, or name a group that holds them`;
}

async function exists(search: GroupSearch, dn: string): Promise<boolean> {
  try {
    return (await search(dn, { scope: 'base', attributes: ['1.1'] })).length > 0;
  } catch (failure) {
    return resultCodeOf(failure) !== RESULT.noSuchObject;
  }
}
