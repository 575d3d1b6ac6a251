import { Client, type Entry, type SearchOptions } from 'ldapts';

/** A directory server and its service account. */
export type Served = {
  readonly url: string;
  readonly serviceDn: string;
  readonly servicePassword: string;
};

/** Searches below `base` as the service account, on a connection of its own. Throws what ldapts throws. */
export async function searchAsService(
  server: Served,
  base: string,
  options: SearchOptions,
): Promise<Entry[]> {
  const client = new Client({ url: server.url, timeout: 30_000, connectTimeout: 30_000 });
  try {
    await client.bind(server.serviceDn, server.servicePassword);
    return (await client.search(base, options)).searchEntries;
  } finally {
    await client.unbind();
  }
}
