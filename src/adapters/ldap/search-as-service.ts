import type { DirectoryConnections } from './connections.ts';
import type { GroupSearch } from './groups/group-look-up.ts';

/**
 * Make the search for what is no person, as the service account.
 * @param operationTimeoutMs the longest that it may take, in milliseconds
 * @param heard called with the name of the server at each answer
 */
export function searchAsService(
  connections: DirectoryConnections,
  { operationTimeoutMs }: { readonly operationTimeoutMs: number },
  heard: (server: string) => void = () => {},
): GroupSearch {
  const timeLimit = Math.ceil(operationTimeoutMs / 1000);
  return (base, how, signal) =>
    connections.search(async (client, { name }) => {
      const { searchEntries } = await client.search(base, { ...how, timeLimit });
      heard(name);
      return searchEntries;
    }, signal);
}
