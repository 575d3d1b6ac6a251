/** Turns a name as typed into the one form that all its spellings share. */
export type CanonicalName = (typed: string) => string;

/**
 * The canonical form of login names and emails: NFKC, case-folded, trimmed, inner white space folded, a
 * leading `DOMAIN\` and any of `domains` behind an `@` removed. Directories equate spellings each in its
 * own way; this is only ever used to count and to compare, never to search.
 * @param domains email or UPN domains under which `login@domain` and `login` are one name; any case
 */
export function createCanonicalName(domains: readonly string[]): CanonicalName {
  const own = new Set(domains.map(fold));
  return (typed) => {
    const name = fold(typed).replace(/^[^\\]*\\/u, '');
    const at = name.lastIndexOf('@');
    return at > 0 && own.has(name.slice(at + 1)) ? name.slice(0, at) : name;
  };
}

/** Upper case first: it takes apart what lower case alone keeps (ß and ss, the two sigmas). */
function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim();
}
