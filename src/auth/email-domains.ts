import type { Directory } from '../ports/directory.ts';
import type { Principal } from '../ports/principal.ts';
import { foldEmail } from './fold-email.ts';

/** The domain of an email, for comparing; `undefined` where the text reads as none. */
export function domainOf(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  return at > 0 && at < email.length - 1 ? foldEmail(email.slice(at + 1)) : undefined;
}

/**
 * A directory that may vouch for the emails of some domains only: those of others do not count, as if its
 * entries did not carry them. So whoever may write in one directory gets nobody's email of another.
 * @param domains in any case; none: the directory may vouch for every email, and is given back as it is
 */
export function withEmailDomains(directory: Directory, domains: readonly string[]): Directory {
  if (domains.length === 0) return directory;
  const own = new Set(domains.map(foldEmail));
  const isOwn = (email: string): boolean => own.has(domainOf(email) ?? '');
  const within = (principal: Principal): Principal => ({
    ...principal,
    emails: principal.emails.filter(isOwn),
  });
  const seen = <T extends object>(outcome: T): T =>
    'principal' in outcome ? { ...outcome, principal: within(outcome.principal as Principal) } : outcome;
  return {
    find: async (username, signal) => seen(await directory.find(username, signal)),
    verifyPassword: async (person, password, signal) =>
      seen(await directory.verifyPassword(person, password, signal)),
    admit: async (principal, signal) => seen(await directory.admit(principal, signal)),
    async recheck(entry, signal) {
      const rechecked = await directory.recheck(entry, signal);
      return rechecked === 'cannot-tell' ? rechecked : seen(rechecked);
    },
    isUp: (directoryId) => directory.isUp(directoryId),
    countByEmail: async (email) => (isOwn(email) ? directory.countByEmail(email) : 0),
    countByUsername: (person) => directory.countByUsername(person),
    list: async (limit) => (await directory.list(limit)).map(within),
    ping: () => directory.ping(),
  };
}
