import {
  AndFilter,
  type Client,
  type Control,
  type Entry,
  EqualityFilter,
  NoSuchObjectError,
  OrFilter,
  type SearchOptions,
} from 'ldapts';
import { type BindNames, createBindNames } from '../passwords/bind-name.ts';
import { matchAnybody } from './match-anybody.ts';
import { matchId } from './match-id.ts';
import { type PersonAttributes, requestedAttributes } from './principal-of.ts';
import { parseUserFilter } from './user-filter.ts';

/** Where and how people are found. */
export interface PeopleSearchOptions {
  readonly userBase: string;
  /** RFC 4515, `{username}` in it. */
  readonly userFilter: string;
  /**
   * Where set, what people are bound as, `{username}` in it: a DN, at which the entry is read and not searched for,
   * or, without a service account, a name that Active Directory takes instead.
   */
  readonly userDnTemplate: string | undefined;
  readonly attributes: PersonAttributes;
  /** The longest that one search or bind may take, in milliseconds. */
  readonly operationTimeoutMs: number;
}

/** What a look-up by immutable ids gave; not `isWhole`: a part of the tree is on other servers, which were not asked. */
export interface FoundByIds {
  readonly entries: readonly Entry[];
  readonly isWhole: boolean;
}

/** The searches for people; each throws what `ldapts` throws. */
export interface PeopleSearch {
  /** What people are bound as by the template; `undefined`: there is none. */
  readonly bindNames: BindNames | undefined;
  /**
   * The entries that a login name or an email stands for: at most two, so that ambiguity shows.
   * @param also attributes to ask for this time
   */
  readonly byLogin: (client: Client, login: string, also?: readonly string[]) => Promise<readonly Entry[]>;
  /** Entries that the filter finds for any login name and that have this value: at most two. */
  readonly byValue: (client: Client, attribute: string, value: string) => Promise<readonly Entry[]>;
  /**
   * Entries with one of these immutable ids that the filter finds for any login name. No size limit is sent, since
   * `ldapts` then takes a cut answer for a whole one.
   */
  readonly byIds: (client: Client, entryIds: readonly string[], control?: Control) => Promise<FoundByIds>;
  /** Entries that the filter finds for any login name, at most `limit`. */
  readonly all: (client: Client, limit: number) => Promise<readonly Entry[]>;
}

/** With one, a server cuts the rest off without a word. */
const SIZE_LIMIT = 2;

/**
 * Make the searches.
 * @throws {Error} where the filter or the template is unusable
 */
export function createPeopleSearch(options: PeopleSearchOptions): PeopleSearch {
  const { userBase, userDnTemplate, attributes, operationTimeoutMs } = options;
  const filterFor = parseUserFilter(options.userFilter);
  const everybody = matchAnybody(filterFor);
  const bindNames = userDnTemplate === undefined ? undefined : createBindNames(userDnTemplate, userBase);
  const requested = requestedAttributes(attributes);
  const reading: SearchOptions = {
    timeLimit: Math.ceil(operationTimeoutMs / 1000),
    attributes: requested,
    explicitBufferAttributes: attributes.idSyntax === 'octets' ? [attributes.id] : [],
  };
  const below = async (client: Client, how: SearchOptions) =>
    (await client.search(userBase, { ...reading, ...how, scope: 'sub' })).searchEntries;
  return {
    bindNames,
    async byLogin(client, login, also = []) {
      const asked = { attributes: [...requested, ...also], sizeLimit: SIZE_LIMIT };
      const wanted: SearchOptions = { ...asked, filter: filterFor(login) };
      if (!bindNames?.areDns) return below(client, wanted);
      const dn = bindNames.of(login);
      return dn === undefined ? [] : readAt(client, dn, { ...reading, ...wanted });
    },
    byValue: (client, attribute, value) => {
      const match = new EqualityFilter({ attribute, value });
      return below(client, { filter: new AndFilter({ filters: [match, everybody] }), sizeLimit: SIZE_LIMIT });
    },
    async byIds(client, entryIds, control) {
      const ids = new OrFilter({ filters: entryIds.map((entryId) => matchId(attributes, entryId)) });
      const filter = new AndFilter({ filters: [ids, everybody] });
      const found = await client.search(userBase, { ...reading, filter, scope: 'sub' }, control);
      return { entries: found.searchEntries, isWhole: found.searchReferences.length === 0 };
    },
    all: async (client, limit) =>
      (await below(client, { filter: everybody, sizeLimit: limit })).slice(0, limit),
  };
}

async function readAt(client: Client, dn: string, how: SearchOptions): Promise<readonly Entry[]> {
  try {
    return (await client.search(dn, { ...how, scope: 'base' })).searchEntries;
  } catch (failure) {
    if (failure instanceof NoSuchObjectError) return [];
    throw failure;
  }
}
