import { Unavailable } from '../../errors.ts';
import type { Directory, Found, Verified } from '../../ports/directory.ts';
import { type BindConnectionOptions, createBindConnections } from './bind-connections.ts';
import { type LdapConnection, openConnection } from './connection.ts';
import { createDial, type DialOptions } from './dial.ts';
import { principalOf } from './principal-of.ts';
import { createSearchConnections } from './search-connections.ts';
import { createPeopleSearch, type PeopleSearchOptions } from './search-people.ts';
import { isRefusedBind, simpleBind } from './simple-bind.ts';

/** How to reach a directory and whom to find there; durations in milliseconds. */
export interface LdapDirectoryOptions extends DialOptions, PeopleSearchOptions {
  readonly id: string;
  /** The service account, that searches are bound as. */
  readonly bindDn: string;
  readonly bindPassword: string;
  /** Where set, emails are login name and this domain, and may be typed as usernames. */
  readonly emailDomain: string | undefined;
  readonly searchConnections: number;
  readonly bindConnections: BindConnectionOptions;
}

/**
 * A directory behind LDAP. Nothing is connected before the first call.
 * @throws {Error} where the filter, a URL or the CA certificates are unusable
 */
export function createLdapDirectory(options: LdapDirectoryOptions): Directory & AsyncDisposable {
  const { id, attributes, emailDomain } = options;
  const dial = createDial(options);
  const open = async () => openConnection(await dial(), options.operationTimeoutMs);
  const searches = createSearchConnections(() => openAsService(open, options), options.searchConnections);
  const binds = createBindConnections(open, options.bindConnections);
  const people = createPeopleSearch(options);

  return {
    async find(username): Promise<Found> {
      const entries = await answered('a search', () =>
        searches.withConnection(({ client }) => people.byLogin(client, loginOf(username, emailDomain))),
      );
      const [entry, another] = entries;
      if (!entry) return { refusal: 'unknown-user' };
      if (another) return { refusal: 'ambiguous' };
      return { principal: principalOf(id, entry, attributes, emailDomain) };
    },
    async verifyPassword(principal, password): Promise<Verified> {
      const accepted = await answered('a bind', () =>
        binds.withConnection((connection) => bindAs(connection, principal.dn, password)),
      );
      return accepted ? { principal } : { refusal: 'wrong-password' };
    },
    async list(limit) {
      const entries = await answered('a search for everybody', () =>
        searches.withConnection(({ client }) => people.all(client, limit)),
      );
      return entries.map((entry) => principalOf(id, entry, attributes, emailDomain));
    },
    async ping() {
      await answered('a look at the root DSE', () =>
        searches.withConnection(({ client }) => client.search('', { scope: 'base', attributes: ['1.1'] })),
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([searches[Symbol.asyncDispose](), binds[Symbol.asyncDispose]()]);
    },
  };
}

async function openAsService(
  open: () => Promise<LdapConnection>,
  { bindDn, bindPassword }: LdapDirectoryOptions,
): Promise<LdapConnection> {
  const connection = await open();
  try {
    await simpleBind(connection, bindDn, bindPassword);
    return connection;
  } catch (cause) {
    await connection.close();
    throw new Unavailable('directory', 'the bind as the service account failed', cause);
  }
}

/** Domains have no case, and Zulip's comparing them with case is a known trap. */
function loginOf(username: string, emailDomain: string | undefined): string {
  const at = username.lastIndexOf('@');
  const isOurs =
    emailDomain !== undefined && username.slice(at + 1).toLowerCase() === emailDomain.toLowerCase();
  return at > 0 && isOurs ? username.slice(0, at) : username;
}

/** `false` where the directory refuses the password; what is no such refusal is thrown. */
async function bindAs(connection: LdapConnection, dn: string, password: string): Promise<boolean> {
  if (password === '') return false;
  try {
    await simpleBind(connection, dn, password);
    return true;
  } catch (failure) {
    if (isRefusedBind(failure)) return false;
    throw failure;
  }
}

/** Run one operation; what it throws says nothing about a person. */
async function answered<T>(operation: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof Unavailable) throw cause;
    throw new Unavailable('directory', `the directory did not answer ${operation}`, cause);
  }
}
