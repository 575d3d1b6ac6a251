import { hasServiceAccount } from '../../adapters/ldap/connection/bind-as-service.ts';
import type { OpenedDirectory } from '../opened.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';
import { searchFix } from './search-fix.ts';

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
