import type { Found } from '../../ports/directory.ts';
import { searchFix } from '../directory/search-fix.ts';
import type { OpenedDirectory } from '../opened.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';
import { ambiguousFix, unknownFix } from './find-fix.ts';

/** Somebody whom a directory knows. */
export type KnownPerson = Exclude<Found, { refusal: unknown }>;

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
