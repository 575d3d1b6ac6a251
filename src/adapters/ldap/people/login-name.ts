/** The names under which a directory's people put their login names. */
export interface LoginDomains {
  /** Where set, emails are login name and this domain, and may be typed as usernames. */
  readonly emailDomain: string | undefined;
  /** What may stand in `DOMAIN\login` and `login@domain`, as Active Directory has them. */
  readonly loginDomains: readonly string[];
}

/** What to look for where a person typed a name; `undefined`: the name is nobody's. */
export type LoginName = (typed: string) => string | undefined;

/**
 * Take the login name out of `DOMAIN\login` and `login@domain` where the domain is the directory's own. Another
 * one behind an `@` makes an email, which is looked for as it stands; another one before a backslash is another
 * directory's, so that the name is nobody's here, and never stripped. Where there are no `loginDomains`, a
 * backslash is a character like others, as it is in login names of OpenLDAP.
 *
 * `keys/canonical-name.ts` makes one name at least of whatever this makes one name of: a spelling that it kept
 * apart would have attempts of its own.
 */
export function createLoginName({ emailDomain, loginDomains }: LoginDomains): LoginName {
  const behind = emailDomain === undefined ? loginDomains : [...loginDomains, emailDomain];
  return (typed) => {
    const login = loginDomains.length > 0 && typed.includes('\\') ? behindDomain(typed, loginDomains) : typed;
    return (login && (loginWithin(login, behind) ?? login).trim()) || undefined;
  };
}

/** What stands before the `@` of an email of one of these domains; `undefined`: it is of none of them. */
export function loginWithin(email: string, domains: readonly string[]): string | undefined {
  const at = email.lastIndexOf('@');
  return at > 0 && isAmong(domains, email.slice(at + 1)) ? email.slice(0, at) : undefined;
}

/** What stands behind the backslash; no second domain may stand there. */
function behindDomain(typed: string, domains: readonly string[]): string | undefined {
  const [domain = '', login = '', ...others] = typed.split('\\');
  return others.length === 0 && isAmong(domains, domain) && !login.includes('@') ? login : undefined;
}

/** Domains have no case, and Zulip's comparing them with case is a known trap. */
function isAmong(domains: readonly string[], domain: string): boolean {
  return domains.some((one) => fold(one) === fold(domain));
}

function fold(domain: string): string {
  return domain.normalize('NFC').toLowerCase();
}
