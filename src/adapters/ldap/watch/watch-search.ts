import { type Client, type Control, type Entry, ResultCodeError, type SearchOptions } from 'ldapts';
import type { DirectoryConnections } from '../connections.ts';

/** The searches of a watch, as the service account; each throws what `ldapts` throws, and `Unavailable`. */
export interface WatchSearch {
  /** One search and all of its answer. */
  all(base: string, how: SearchOptions, signal?: AbortSignal, control?: Control): Promise<readonly Entry[]>;

  /**
   * A search whose answer may be large, page by page (RFC 2696), until `take` gives `false`. It may begin anew on
   * another server: `begin` is called before the first page each time.
   */
  pages(base: string, how: SearchOptions, reader: PageReader, signal?: AbortSignal): Promise<void>;
}

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
  const ask = async <T>(use: (client: Client) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const outcome = await connections.search(async (client) => {
      try {
        return { gave: await use(client) };
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
      ask(
        async (client) => (await client.search(base, { ...how, timeLimit }, control)).searchEntries,
        signal,
      ),
    pages: (base, how, reader, signal) =>
      ask(async (client) => {
        reader.begin();
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
