import { type Client, type Entry, NoSuchObjectError, type SearchOptions } from 'ldapts';
import { fillDnTemplate } from './distinguished-name.ts';
import { matchAnybody } from './match-anybody.ts';
import { type PersonAttributes, requestedAttributes } from './principal-of.ts';
import { parseUserFilter } from './user-filter.ts';

/** Where and how people are found. */
export interface PeopleSearchOptions {
  readonly userBase: string;
  /** RFC 4515, `{username}` in it. */
  readonly userFilter: string;
  /** Where set, the entry is not searched for below the base but read at this DN, `{username}` in it. */
  readonly userDnTemplate: string | undefined;
  readonly attributes: PersonAttributes;
  /** The longest that one search or bind may take, in milliseconds. */
  readonly operationTimeoutMs: number;
}

/** The searches for people; each throws what `ldapts` throws. */
export interface PeopleSearch {
  /** The entries that a login name or an email stands for: at most two, so that ambiguity shows. */
  readonly byLogin: (client: Client, login: string) => Promise<readonly Entry[]>;
  /** Entries that the filter finds for any login name, at most `limit`. */
  readonly all: (client: Client, limit: number) => Promise<readonly Entry[]>;
}

/** With one, a server cuts the rest off without a word. */
const SIZE_LIMIT = 2;

/**
 * Make the searches.
 * @throws {Error} where the filter is unusable
 */
export function createPeopleSearch(options: PeopleSearchOptions): PeopleSearch {
  const { userBase, userDnTemplate, attributes, operationTimeoutMs } = options;
  const filterFor = parseUserFilter(options.userFilter);
  const everybody = matchAnybody(filterFor);
  const reading: SearchOptions = {
    timeLimit: Math.ceil(operationTimeoutMs / 1000),
    attributes: requestedAttributes(attributes),
    explicitBufferAttributes: attributes.idSyntax === 'octets' ? [attributes.id] : [],
  };
  const below = async (client: Client, how: SearchOptions) =>
    (await client.search(userBase, { ...reading, ...how, scope: 'sub' })).searchEntries;
  return {
    byLogin: (client, login) => {
      const wanted: SearchOptions = { filter: filterFor(login), sizeLimit: SIZE_LIMIT };
      if (userDnTemplate === undefined) return below(client, wanted);
      return readAt(client, fillDnTemplate(userDnTemplate, login), { ...reading, ...wanted });
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
