/** Longer than any email (RFC 5321, 4.5.3.1: 254) and any login name of the directories we know; in UTF-16 units. */
const MAX_LENGTH = 256;

/**
 * Whether a text is longer than any name. Such a one is refused as it is: normalising takes the square of a run of
 * combining marks, and so one request would stop the event loop for a second.
 */
export function isTooLongForAName(typed: string): boolean {
  return typed.length > MAX_LENGTH;
}

/** Turns a name as typed into the one form that all its spellings share; one that is too long stays as it is. */
export type CanonicalName = (typed: string) => string;

/**
 * The canonical form of login names and emails: NFKC, case-folded, trimmed, inner white space folded, and without
 * any of `domains`, be it before a backslash or behind an `@`. Directories equate spellings each in its own way;
 * this is only ever used to count and to compare, never to search.
 *
 * It may make one name of what a directory keeps apart, and never the other way round: whatever
 * `adapters/ldap/login-name.ts` reads a login name out of has the form of that login name. Names with other
 * domains are nobody's, or other people's, and keep them.
 * @param domains email and login domains of all directories; any case
 */
export function createCanonicalName(domains: readonly string[]): CanonicalName {
  const own = new Set(domains.map(fold));
  return (typed) =>
    isTooLongForAName(typed) ? typed : withoutDomainsBefore(withoutDomainsBehind(fold(typed), own), own);
}

/** Also where nothing is left: the forms of names that are all domain may not depend on which went first. */
function withoutDomainsBehind(name: string, own: ReadonlySet<string>): string {
  let end = name.length;
  for (let at = name.lastIndexOf('@'); at >= 0; at = name.lastIndexOf('@', end - 1)) {
    if (!own.has(name.slice(at + 1, end).trim())) break;
    end = at;
  }
  return name.slice(0, end).trim();
}

function withoutDomainsBefore(name: string, own: ReadonlySet<string>): string {
  let start = 0;
  for (let slash = name.indexOf('\\'); slash > start; slash = name.indexOf('\\', start)) {
    if (!own.has(name.slice(start, slash).trim())) break;
    start = slash + 1;
  }
  return name.slice(start).trim();
}

/** Upper case first: it takes apart what lower case alone keeps (ß and ss, the two sigmas). */
function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim();
}
