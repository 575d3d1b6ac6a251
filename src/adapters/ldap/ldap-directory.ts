import { type Client, type Entry, NoSuchObjectError, type SearchOptions } from 'ldapts';
import { Unavailable } from '../../errors.ts';
import type { Directory, Found, Verified } from '../../ports/directory.ts';
import { createBindConnections } from './bind-connections.ts';
import { type LdapConnection, openConnection } from './connection.ts';
import { createDial, type DialOptions } from './dial.ts';
import { fillDnTemplate } from './distinguished-name.ts';
import type { GateOptions } from './gate.ts';
import { type PersonAttributes, principalOf, requestedAttributes } from './principal-of.ts';
import { createSearchConnections } from './search-connections.ts';
import { isRefusedBind, simpleBind } from './simple-bind.ts';
import { parseUserFilter } from './user-filter.ts';

/** How to reach a directory and whom to find there; durations in milliseconds. */
export interface LdapDirectoryOptions extends DialOptions {
  readonly id: string;
  /** The service account, that searches are bound as. */
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly userBase: string;
  /** RFC 4515, `{username}` in it. */
  readonly userFilter: string;
  /** Where set, the entry is not searched for below the base but read at this DN, `{username}` in it. */
  readonly userDnTemplate: string | undefined;
  readonly attributes: PersonAttributes;
  /** Where set, emails are login name and this domain, and may be typed as usernames. */
  readonly emailDomain: string | undefined;
  /** The longest that one search or bind may take. */
  readonly operationTimeoutMs: number;
  readonly searchConnections: number;
  readonly bindConnections: GateOptions;
}

/** Two are asked for, so that ambiguity shows: with one, a server cuts the rest off without a word. */
const SIZE_LIMIT = 2;

/**
 * A directory behind LDAP. Nothing is connected before the first call.
 * @throws {Error} where the filter, a URL or the CA certificates are unusable
 */
export function createLdapDirectory(options: LdapDirectoryOptions): Directory & AsyncDisposable {
  const { attributes, emailDomain } = options;
  const dial = createDial(options);
  const open = async () => openConnection(await dial(), options.operationTimeoutMs);
  const searches = createSearchConnections(() => openAsService(open, options), options.searchConnections);
  const binds = createBindConnections(open, options.bindConnections);
  const searchFor = createUserSearch(options);

  return {
    async find(username): Promise<Found> {
      const entries = await answered('a search', () =>
        searches.withConnection(({ client }) => searchFor(client, loginOf(username, emailDomain))),
      );
      const [entry, another] = entries;
      if (!entry) return { refusal: 'unknown-user' };
      if (another) return { refusal: 'ambiguous' };
      return { principal: principalOf(options.id, entry, attributes, emailDomain) };
    },
    async verifyPassword(principal, password): Promise<Verified> {
      const accepted = await answered('a bind', () =>
        binds.withConnection((connection) => bindAs(connection, principal.dn, password)),
      );
      return accepted ? { principal } : { refusal: 'wrong-password' };
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

type UserSearch = (client: Client, login: string) => Promise<Entry[]>;

function createUserSearch(options: LdapDirectoryOptions): UserSearch {
  const { userBase, userDnTemplate, attributes, operationTimeoutMs } = options;
  const filterFor = parseUserFilter(options.userFilter);
  const searchOptions = (login: string): SearchOptions => ({
    filter: filterFor(login),
    sizeLimit: SIZE_LIMIT,
    timeLimit: Math.ceil(operationTimeoutMs / 1000),
    attributes: requestedAttributes(attributes),
    explicitBufferAttributes: attributes.idSyntax === 'octets' ? [attributes.id] : [],
  });
  if (userDnTemplate === undefined) {
    return async (client, login) =>
      (await client.search(userBase, { ...searchOptions(login), scope: 'sub' })).searchEntries;
  }
  return async (client, login) => {
    try {
      const dn = fillDnTemplate(userDnTemplate, login);
      return (await client.search(dn, { ...searchOptions(login), scope: 'base' })).searchEntries;
    } catch (failure) {
      if (failure instanceof NoSuchObjectError) return [];
      throw failure;
    }
  };
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
