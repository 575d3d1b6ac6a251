import { Unavailable } from '../errors.ts';
import type { Directory, Found } from '../ports/directory.ts';

/**
 * Several directories as one. A name is looked for in all of them at the same time; a password goes to the
 * directory where its person was found, and nowhere else. A name that two directories know is nobody's.
 *
 * While a directory is away, those who are found elsewhere still come in: that is what break-glass people are
 * for. A name that it shares with another directory is then the other's person, who needs that person's own
 * password and gets that person's own account: an account belongs to a directory and an entry in it, so
 * nobody comes by it through a name. Whoever is found nowhere may be in the one that is away: `Unavailable`.
 * @param directories by id, at least one; a single one is given back as it is
 * @throws {RangeError} where there is none
 */
export function createDirectories(directories: ReadonlyMap<string, Directory>): Directory {
  const all = [...directories.values()];
  const [first, second] = all;
  if (!first) throw new RangeError('a service needs a directory');
  if (!second) return first;
  return {
    async find(username) {
      return theOne(await Promise.allSettled(all.map((directory) => directory.find(username))));
    },
    async verifyPassword(principal, password) {
      const directory = directories.get(principal.directoryId);
      if (!directory) throw new Unavailable('directory', 'the directory of this person is not configured');
      return directory.verifyPassword(principal, password);
    },
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
