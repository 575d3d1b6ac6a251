import { hasServiceAccount } from '../adapters/ldap/connection/bind-as-service.ts';
import type { Found } from '../ports/directory.ts';
import { ambiguousFix, searchFix, unknownFix } from './find-fix.ts';
import type { OpenedDirectory } from './opened.ts';
import { reasonOf } from './reason.ts';
import type { Look } from './step.ts';

/** Somebody whom a directory knows. */
export type KnownPerson = Exclude<Found, { refusal: unknown }>;

/** Whether the settings find anybody at all. */
export async function lookAtPeople(
  { directory, ldap }: OpenedDirectory,
  namingContexts: readonly string[],
): Promise<Look<true>> {
  if (ldap && !hasServiceAccount(ldap.options)) {
    return { status: 'skipped', seen: 'nobody can be searched for without a service account' };
  }
  const where = ldap === undefined ? 'the file' : `${ldap.options.userFilter} below ${ldap.options.userBase}`;
  try {
    const [somebody] = await directory.list(1);
    if (somebody) return { status: 'ok', seen: `${where} finds people`, value: true };
    return {
      status: 'failed',
      seen: `${where} finds nobody`,
      fix: ldap
        ? `userFilter (LDAP_USER_FILTER), userBase (LDAP_USER_BASE): ${suggestBases(namingContexts)}`
        : 'peopleFile: add somebody to it',
    };
  } catch (failure) {
    return { status: 'failed', seen: reasonOf(failure), fix: searchFix(failure, namingContexts) };
  }
}

function suggestBases(namingContexts: readonly string[]): string {
  const bases = namingContexts.length > 0 ? namingContexts.join(' or ') : 'the suffix of the directory';
  return `people are at or below ${bases}, and the filter must fit them`;
}

/**
 * Look for somebody in one directory.
 * @param isOnly whether whoever is not here is nowhere
 * @returns `null` where they are not here, and may be elsewhere
 */
export async function lookForPerson(
  opened: OpenedDirectory,
  username: string,
  { isOnly, namingContexts }: { readonly isOnly: boolean; readonly namingContexts: readonly string[] },
): Promise<Look<KnownPerson | null>> {
  const { directory, ldap } = opened;
  try {
    const found = await directory.find(username);
    if (!('refusal' in found)) return { status: 'ok', seen: describePerson(found), value: found };
    if (found.refusal === 'ambiguous') {
      const fix = ldap ? await ambiguousFix(ldap, username) : 'peopleFile: give each name to one person';
      return { status: 'failed', seen: `${username} is more than one entry`, fix };
    }
    if (!isOnly) return { status: 'ok', seen: `nobody here is ${username}`, value: null };
    const fix = ldap ? await unknownFix(ldap, username) : `peopleFile: ${username} is not in it`;
    return { status: 'failed', seen: `nobody is ${username}`, fix };
  } catch (failure) {
    return { status: 'failed', seen: reasonOf(failure), fix: searchFix(failure, namingContexts) };
  }
}

/** Which entry it is, and what the mapped attributes say. */
function describePerson(found: KnownPerson): string {
  if ('unread' in found)
    return `would be bound as ${found.unread.bindName}; the entry is read after the bind`;
  const { dn, entryId, username, emails, fullName } = found.principal;
  return `${dn}; id ${entryId}, username ${username}, email ${emails.join(', ') || 'none'}, full name ${fullName}`;
}
