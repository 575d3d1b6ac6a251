import { reasonOf, resultCodeOf } from '../reason.ts';
import { RESULT } from '../result-codes.ts';

/**
 * What to change where a search for people failed.
 * @param namingContexts what the server says it holds: suggestions
 */
export function searchFix(failure: unknown, namingContexts: readonly string[]): string {
  const code = resultCodeOf(failure);
  if (code === RESULT.noSuchObject || code === RESULT.invalidDnSyntax) {
    const held = namingContexts.length > 0 ? `; the server holds ${namingContexts.join(' and ')}` : '';
    return `userBase (LDAP_USER_BASE): the DN below which people are${held}`;
  }
  // What Active Directory says before a bind, and some servers to everything, is operationsError.
  if (code === RESULT.insufficientAccessRights || code === RESULT.operationsError) {
    return 'bindDn (LDAP_BIND_DN): an account that may search and read below userBase';
  }
  const [, attribute] = /has no readable (\S+)$/.exec(reasonOf(failure)) ?? [];
  if (attribute !== undefined) {
    return `idAttribute, usernameAttribute: an attribute that every entry has and that the service account may read; ${attribute} is none (the presets set both: LDAP_PRESET)`;
  }
  return 'userBase (LDAP_USER_BASE), userFilter (LDAP_USER_FILTER): what the server can search';
}
