import { Unavailable } from '../errors.ts';
import type { Directory, Found } from '../ports/directory.ts';
import { domainOf, withEmailDomains } from './email-domains.ts';
import { foldEmail } from './fold-email.ts';

/** A directory, and the domains whose emails it may vouch for; none: every email. */
export interface DirectoryOfEmails {
  readonly directory: Directory;
  /** In any case; a domain belongs to one directory at most. */
  readonly emailDomains: readonly string[];
}

/**
 * Several directories as one. A name is looked for in all of them at the same time; a password goes to the
 * directory where its person was found, and nowhere else. A name that two directories know is nobody's, unless
 * it is an email of a domain that belongs to one of them: then that one alone is asked.
 *
 * While a directory is away, those who are found elsewhere still come in: that is what break-glass people are
 * for. A name that it shares with another directory is then the other's person, who needs that person's own
 * password and gets that person's own account: an account belongs to a directory and an entry in it, so
 * nobody comes by it through a name. Whoever is found nowhere may be in the one that is away: `Unavailable`.
 * @param configured by id, at least one
 * @throws {RangeError} where there is none
 */
export function createDirectories(configured: ReadonlyMap<string, DirectoryOfEmails>): Directory {
  const directories = new Map<string, Directory>();
  const byDomain = new Map<string, Directory>();
  for (const [id, { directory, emailDomains }] of configured) {
    const limited = withEmailDomains(directory, emailDomains);
    directories.set(id, limited);
    for (const domain of emailDomains) byDomain.set(foldEmail(domain), limited);
  }
  const all = [...directories.values()];
  if (all.length === 0) throw new RangeError('a service needs a directory');
  const of = ({ directoryId }: { readonly directoryId: string }): Directory => {
    const directory = directories.get(directoryId);
    if (!directory) throw new Unavailable('directory', 'the directory of this person is not configured');
    return directory;
  };
  return {
    async find(username, signal) {
      const owner = byDomain.get(domainOf(username) ?? '');
      if (owner) return owner.find(username, signal);
      return theOne(await Promise.allSettled(all.map((directory) => directory.find(username, signal))));
    },
    verifyPassword: async (person, password, signal) => of(person).verifyPassword(person, password, signal),
    admit: async (principal, signal) => of(principal).admit(principal, signal),
    recheck: async (entry, signal) => of(entry).recheck(entry, signal),
    isUp: (directoryId) => directories.get(directoryId)?.isUp(directoryId) ?? false,
    async countByEmail(email) {
      const counts = await Promise.all(all.map((directory) => directory.countByEmail(email)));
      return Math.min(
        counts.reduce((sum, count) => sum + count, 0),
        2,
      );
    },
    countByUsername: async (person) => of(person).countByUsername(person),
    async list(limit) {
      const lists = await Promise.all(all.map((directory) => directory.list(limit)));
      return lists.flat().slice(0, limit);
    },
    async ping() {
      await Promise.all(all.map((directory) => directory.ping()));
    },
  };
}

/** Every directory's finding made one. */
function theOne(findings: readonly PromiseSettledResult<Found>[]): Found {
  const failures = findings.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const fault = failures.find((failure) => !(failure instanceof Unavailable));
  if (fault !== undefined) throw fault;
  const answers = findings.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  // Someone who may not come in is someone all the same, and a name of two people is nobody's.
  const [known, another] = answers.filter((found) => !isUnknown(found));
  if (known) return another ? { refusal: 'ambiguous' } : known;
  if (failures.length > 0) throw oneOf(failures);
  return { refusal: 'unknown-user' };
}

function isUnknown(found: Found): boolean {
  return 'refusal' in found && found.refusal === 'unknown-user';
}

function oneOf(failures: readonly unknown[]): unknown {
  if (failures.length === 1) return failures[0];
  return new Unavailable('directory', 'several directories did not answer', new AggregateError(failures));
}
