import { type Endpoint, nameOf } from '../connection/endpoint.ts';
import type { DirectoryServer } from './directory-server.ts';
import type { ServiceRecords } from './service-records.ts';

/** How long servers found in DNS are believed without asking again. */
const BELIEVED_MS = 300_000;

/** A directory's servers, the preferred one first. */
export interface ServerList extends AsyncDisposable {
  /** The servers as last known. Throws `ConnectionFailure` where none could be found yet. */
  current(): Promise<readonly DirectoryServer[]>;
  /** The servers as last known, without looking for them; none where they have not been looked for yet. */
  known(): readonly DirectoryServer[];
  /** Look for them anew, because none works; those known stay where none can be found. */
  renew(): Promise<readonly DirectoryServer[]>;
}

/** The servers that the settings name. */
export function createFixedServers(
  endpoints: readonly Endpoint[],
  create: (endpoint: Endpoint) => DirectoryServer,
): ServerList {
  const servers = endpoints.map(create);
  return {
    current: async () => servers,
    known: () => servers,
    renew: async () => servers,
    [Symbol.asyncDispose]: () => closeAll(servers),
  };
}

/**
 * The servers that DNS names, looked for at the first call and again every few minutes. One that is no longer
 * named is retired; one that stays keeps its connections and what is known of it.
 * @param now monotonic clock, in milliseconds
 */
export function createFoundServers(
  find: ServiceRecords,
  create: (endpoint: Endpoint) => DirectoryServer,
  now: () => number = () => performance.now(),
): ServerList {
  let servers: readonly DirectoryServer[] = [];
  let foundAt = Number.NEGATIVE_INFINITY;
  let finding: Promise<void> | undefined;
  let ended = false;

  const replace = (endpoints: readonly Endpoint[]) => {
    if (ended) return;
    const known = new Map(servers.map((server) => [nameOf(server.endpoint), server]));
    const next = new Map(endpoints.map((one) => [nameOf(one), known.get(nameOf(one)) ?? create(one)]));
    const gone = servers.filter((server) => next.get(nameOf(server.endpoint)) !== server);
    servers = [...next.values()];
    foundAt = now();
    for (const server of gone) server.retire();
  };
  const findNow = (): Promise<void> => {
    finding ??= find()
      .then(replace)
      .finally(() => {
        finding = undefined;
      });
    return finding;
  };
  const renew = async () => {
    await findNow().catch((failure: unknown) => {
      if (servers.length === 0) throw failure;
    });
    return servers;
  };

  return {
    async current() {
      if (servers.length === 0) return renew();
      if (now() - foundAt >= BELIEVED_MS) {
        foundAt = now();
        findNow().catch(() => {});
      }
      return servers;
    },
    known: () => servers,
    renew,
    async [Symbol.asyncDispose]() {
      ended = true;
      await closeAll(servers);
    },
  };
}

async function closeAll(servers: readonly DirectoryServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
}
