import type { Directory } from '../../../ports/directory.ts';
import { answered } from '../answered.ts';
import type { DirectoryConnections } from '../connections.ts';
import type { LockoutReader } from '../lockout/lockout-reader.ts';
import { demandDns } from '../passwords/bind-name.ts';
import { createLoginName, type LoginDomains, loginWithin } from './login-name.ts';
import { principalOf } from './principal-of.ts';
import type { ReadPerson } from './read-person.ts';
import { createPeopleSearch, type PeopleSearchOptions } from './search-people.ts';

/** Whom to find, and what their emails are. */
export interface FindOptions extends PeopleSearchOptions, LoginDomains {
  readonly id: string;
}

/** What is asked about people before there is a password. */
export type People = Pick<Directory, 'find' | 'countByEmail' | 'countByUsername' | 'list'>;

/**
 * Make what finds people by asking as the service account.
 * @param lockouts `undefined`: nobody is said to be locked out by the directory
 * @throws {Error} where the filter or the template is unusable
 */
export function createPeople(
  connections: DirectoryConnections,
  options: FindOptions,
  readPerson: ReadPerson,
  lockouts?: LockoutReader,
): People {
  const { id, attributes, emailDomain } = options;
  const people = createPeopleSearch(options);
  demandDns(people.bindNames);
  const loginOf = createLoginName(options);
  return {
    async find(username, signal) {
      const login = loginOf(username);
      if (login === undefined) return { refusal: 'unknown-user' };
      const [entry, another] = await answered('a search', signal, () =>
        connections.search((client) => people.byLogin(client, login, lockouts?.attributes), signal),
      );
      if (!entry) return { refusal: 'unknown-user' };
      if (another) return { refusal: 'ambiguous' };
      const person = readPerson(entry);
      const lockout = await lockouts?.lockoutOf(entry, signal);
      return { ...person, ...(lockout && { lockout }) };
    },
    async countByEmail(email) {
      const [attribute, value] =
        emailDomain === undefined
          ? [attributes.email, email]
          : [attributes.username, loginWithin(email, [emailDomain])];
      if (value === undefined) return 0;
      const entries = await answered('a search for an email', undefined, () =>
        connections.search((client) => people.byValue(client, attribute, value)),
      );
      return entries.length;
    },
    async countByUsername({ username }) {
      // A template names one entry, whoever else has the name elsewhere.
      if (people.bindNames) return 1;
      const entries = await answered('a search for a login name', undefined, () =>
        connections.search((client) => people.byValue(client, attributes.username, username)),
      );
      return entries.length;
    },
    async list(limit) {
      const entries = await answered('a search for everybody', undefined, () =>
        connections.search((client) => people.all(client, limit)),
      );
      return entries.map((entry) => principalOf(id, entry, attributes, emailDomain));
    },
  };
}
