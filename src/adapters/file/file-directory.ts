import type { Directory, Verified } from '../../ports/directory.ts';
import type { Principal } from '../../ports/principal.ts';
import { createGate } from '../gate.ts';
import { isNobodysPassword } from './password-hash.ts';
import type { LocalPerson } from './people.ts';
import { openPeopleFile, type PeopleFileParts } from './people-file.ts';

/** Which file, and what the directory is called. */
export interface FileDirectoryOptions {
  readonly id: string;
  /** A YAML file of people. */
  readonly path: string;
}

/**
 * Hashes at once: each holds up to 128 MiB, and one of the four threads on which Node resolves host names too.
 * A sign-in that found more than so many before it would wait for longer than clients do.
 */
const HASHING = { size: 2, maxWaiting: 16, maxWaitMs: undefined, awaited: 'their password to be hashed' };

/** What answers is the same always. */
const SERVER = 'file';

/**
 * A directory that is a YAML file of people with hashed passwords. It answers as long as the service runs;
 * only where too many passwords wait to be hashed is it `Unavailable`.
 * @throws {PeopleFileError} where the file cannot be used
 */
export function createFileDirectory(parts: PeopleFileParts, { id, path }: FileDirectoryOptions): Directory {
  const people = openPeopleFile(parts, path);
  const hashing = createGate(HASHING);
  return {
    async find(username) {
      const person = people().named(username);
      if (!person) return { refusal: 'unknown-user' };
      return { principal: principalOf(id, person), ...(person.disabled && { isDisabled: true }) };
    },
    async verifyPassword(asked, password): Promise<Verified> {
      const person = 'entryId' in asked ? people().withId(asked.entryId) : undefined;
      const isRight = await hashing(() => (person?.isPassword ?? isNobodysPassword)(password));
      if (!person || !isRight) return { refusal: 'wrong-password' };
      if (person.disabled) return { refusal: 'account-disabled' };
      if (person.passwordExpired) return { refusal: 'password-expired' };
      return { principal: principalOf(id, person) };
    },
    admit: async (principal) => ({ principal }),
    async recheck({ entryId }) {
      const person = people().withId(entryId);
      if (!person) return { out: 'not-found', server: SERVER };
      if (person.disabled) return { out: 'account-disabled', server: SERVER };
      return { principal: principalOf(id, person), server: SERVER };
    },
    isUp: () => true,
    async countByEmail(email) {
      const wanted = email.toLowerCase();
      const holders = people().all.filter(({ emails }) => emails.some((one) => one.toLowerCase() === wanted));
      return Math.min(holders.length, 2);
    },
    // The file is refused where two people have one name.
    countByUsername: async () => 1,
    async list(limit) {
      return people()
        .all.slice(0, limit)
        .map((person) => principalOf(id, person));
    },
    async ping() {},
  };
}

function principalOf(directoryId: string, { id, username, emails, fullName }: LocalPerson): Principal {
  // RFC 4524, 2.24: the attribute for an identifier that names one object; an id needs no escaping in it.
  return { directoryId, entryId: id, dn: `uniqueIdentifier=${id}`, username, emails, fullName, groups: [] };
}
