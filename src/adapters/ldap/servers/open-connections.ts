import type { Log } from '../../../ports/log.ts';
import { createDial, type DialOptions } from '../connection/dial.ts';
import { type Endpoint, nameOf, readEndpoint } from '../connection/endpoint.ts';
import type { ResolveName } from '../connection/resolve-host.ts';
import type { DirectoryConnections } from '../connections.ts';
import { untilAborted } from '../until-aborted.ts';
import { createDirectoryServer, type ServerOptions } from './directory-server.ts';
import { createFixedServers, createFoundServers } from './server-list.ts';
import { createServiceRecords, type ResolveSrv } from './service-records.ts';
import { tryServers } from './try-servers.ts';

/** How a directory is reached; durations in milliseconds. */
export interface ConnectionOptions extends DialOptions, ServerOptions {
  /** `ldap://` and `ldaps://` URLs, the preferred one first. */
  readonly urls: readonly string[];
  /** The domain whose SRV records name the servers, instead of `urls`; `undefined`: none. */
  readonly srvDomain: string | undefined;
  /** Whether `ldap://` servers are upgraded by StartTLS before anything else is sent. */
  readonly startTls: boolean;
  /** Name that the certificates of `urls` must carry; `undefined`: the URL's host. */
  readonly tlsServerName: string | undefined;
}

/** How names become addresses and servers, instead of by the system. */
export interface Resolvers {
  readonly resolveName?: ResolveName;
  readonly resolveSrv?: ResolveSrv;
}

/**
 * Make a directory's connections. Nothing is connected before one is asked for.
 * @param log told when a server goes, and when it comes back
 * @throws {Error} where a URL, a certificate or the key is unusable
 */
export function createConnections(
  options: ConnectionOptions,
  log: Log,
  { resolveName, resolveSrv }: Resolvers = {},
): DirectoryConnections {
  const { srvDomain, startTls, tlsServerName } = options;
  const endpoints = options.urls.map((url) => readEndpoint(url, startTls, tlsServerName));
  const dial = createDial(options, resolveName);
  const create = (endpoint: Endpoint) => createDirectoryServer({ dial, log }, endpoint, options);
  const servers =
    srvDomain === undefined
      ? createFixedServers(endpoints, create)
      : createFoundServers(createServiceRecords({ ...options, srvDomain }, resolveSrv), create);
  return {
    search: (use, signal) =>
      untilAborted(
        tryServers(servers, {
          use: ({ client }, { endpoint, supports }) => use(client, { name: nameOf(endpoint), supports }),
          ask: (server, ask) => server.search(ask),
          maxUses: 2,
          signal,
        }),
        signal,
      ),
    bind: (use, signal) =>
      untilAborted(
        tryServers(servers, {
          use,
          ask: (server, ask) => server.bind(ask, signal),
          maxUses: 1,
          signal,
        }),
        signal,
      ),
    isUp() {
      const known = servers.known();
      // Those of SRV records are not known before they are needed.
      return known.length === 0 || known.some((server) => server.isUp());
    },
    [Symbol.asyncDispose]: () => servers[Symbol.asyncDispose](),
  };
}
