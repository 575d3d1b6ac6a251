import {
  type Client,
  type Control,
  type Entry,
  PagedResultsControl,
  ResultCodeError,
  type SearchOptions,
  UnavailableCriticalExtensionError,
} from 'ldapts';
import type { Supports } from '../connection/supported-controls.ts';
import type { DirectoryConnections } from '../connections.ts';

/** The searches of a watch, as the service account; each throws what `ldapts` throws, and `Unavailable`. */
export interface WatchSearch {
  /** One search and all of its answer. A control that the server does not list gives result 12. */
  all(base: string, how: SearchOptions, signal?: AbortSignal, control?: Control): Promise<readonly Entry[]>;

  /**
   * A search whose answer may be large, page by page (RFC 2696) where the server lists that, until `take` gives `false`. It may begin anew on
   * another server: `begin` is called before the first page each time.
   */
  pages(base: string, how: SearchOptions, reader: PageReader, signal?: AbortSignal): Promise<void>;
}

type Use<T> = (client: Client, supports: Supports) => Promise<T>;

/** What takes the pages. */
export interface PageReader {
  begin(): void;
  take(entries: readonly Entry[]): boolean;
}

const PAGE_ENTRIES = 100;

/** The results by which a server would be taken for one that is down, though it only does not do what watching needs. */
const OF_THE_REQUEST = new Set([1, 53]);

/**
 * Make the searches. The server is asked to give up long before the operation's time is over, which would end the
 * connection.
 */
export function createWatchSearch(
  connections: DirectoryConnections,
  { operationTimeoutMs }: { readonly operationTimeoutMs: number },
): WatchSearch {
  const timeLimit = Math.max(1, Math.floor(operationTimeoutMs / 2000));
  const ask = async <T>(use: Use<T>, signal?: AbortSignal): Promise<T> => {
    const outcome = await connections.search(async (client, { supports }) => {
      try {
        return { gave: await use(client, supports) };
      } catch (failure) {
        if (isOfTheRequest(failure)) return { failure };
        throw failure;
      }
    }, signal);
    if ('failure' in outcome) throw outcome.failure;
    return outcome.gave;
  };
  return {
    all: (base, how, signal, control) =>
      ask(async (client, supports) => {
        // As a server says itself that knows RFC 4511, 4.1.11.
        if (control && !(await supports(control.type))) throw new UnavailableCriticalExtensionError();
        return (await client.search(base, { ...how, timeLimit }, control)).searchEntries;
      }, signal),
    pages: (base, how, reader, signal) =>
      ask(async (client, supports) => {
        reader.begin();
        if (!(await supports(PagedResultsControl.type))) {
          reader.take((await client.search(base, { ...how, timeLimit })).searchEntries);
          return;
        }
        const paged = { ...how, timeLimit, paged: { pageSize: PAGE_ENTRIES } };
        for await (const { searchEntries } of client.searchPaginated(base, paged)) {
          if (signal?.aborted || !reader.take(searchEntries)) return;
        }
      }, signal),
  };
}

function isOfTheRequest(failure: unknown): boolean {
  return failure instanceof ResultCodeError && OF_THE_REQUEST.has(failure.code);
}
