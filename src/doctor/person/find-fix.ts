import { suffixOf } from '../../adapters/ldap/groups/normal-dn.ts';
import { searchByAnyName } from '../../adapters/ldap/people/search-by-any-name.ts';
import type { OpenedLdap } from '../opened.ts';

/**
 * What to change where the settings find nobody of a name: says who has it all the same, below the base or beside it.
 */
export async function unknownFix({ options, connections }: OpenedLdap, username: string): Promise<string> {
  const filter = `userFilter (LDAP_USER_FILTER), now ${options.userFilter}`;
  const below = await whoHas(connections, options.userBase, username);
  if (below.length > 0) return `${filter}: it leaves out ${below.join(' and ')}, which carries the name`;
  const top = suffixOf(options.userBase);
  const anywhere = top === undefined ? [] : await whoHas(connections, top, username);
  if (anywhere.length > 0) {
    return `userBase (LDAP_USER_BASE), now ${options.userBase}: the name is that of ${anywhere.join(' and ')}`;
  }
  return `${filter}: no entry below ${top ?? options.userBase} carries that name in uid, sAMAccountName, userPrincipalName, mail or cn; is it spelled rightly?`;
}

/** What to change where the settings find more than one: who they are. */
export async function ambiguousFix({ options, connections }: OpenedLdap, username: string): Promise<string> {
  const dns = await whoHas(connections, options.userBase, username);
  return `userFilter (LDAP_USER_FILTER): it must find one entry for each name, and finds ${dns.join(' and ') || 'several'}; narrow it, or userBase (LDAP_USER_BASE)`;
}

/** DNs of entries with a name; none where the server does not tell. */
async function whoHas(
  connections: OpenedLdap['connections'],
  base: string,
  username: string,
): Promise<readonly string[]> {
  try {
    return await connections.search((client) => searchByAnyName(client, base, username));
  } catch {
    return [];
  }
}
