import { Unavailable } from '../../../errors.ts';
import type { LdapConnection } from '../connection/connection.ts';
import { ConnectionFailure, GoneMeanwhile } from '../connection/connection-failure.ts';
import type { DirectoryServer, Use } from './directory-server.ts';
import type { ServerList } from './server-list.ts';

/** What is to be asked of whichever server works. */
export interface Attempt<T> {
  /** Is given the server that it asks as well. */
  readonly use: (connection: LdapConnection, server: DirectoryServer) => Promise<T>;
  /** How it is asked of one server. */
  readonly ask: (server: DirectoryServer, use: Use<T>) => Promise<T>;
  /** How often `use` may be called: 1 for what may not be repeated. */
  readonly maxUses: 1 | 2;
  readonly signal: AbortSignal | undefined;
}

/**
 * Ask the first server that is up; the next one where it fails. Where none is up, all are probed, and the first
 * to answer is asked.
 * @throws {Unavailable} none works, or what was asked may not be repeated; and what `use` throws otherwise
 */
export async function tryServers<T>(list: ServerList, { use, ask, maxUses, signal }: Attempt<T>): Promise<T> {
  const failures: ConnectionFailure[] = [];
  const failed = new Set<DirectoryServer>();
  let uses = 0;
  const counted =
    (server: DirectoryServer): Use<T> =>
    (connection) => {
      uses++;
      return use(connection, server);
    };

  for (;;) {
    signal?.throwIfAborted();
    const last = failures.at(-1);
    // The server may be back at once where only a connection was lost; one that was slow would be slow again.
    const mayAskAgain = uses > 0 && failures.length === 1 && last?.kind !== 'slow';
    const known = await list.current();
    const server =
      known.find((one) => one.isUp() && !failed.has(one)) ??
      (await revive(list, (one) => mayAskAgain || !failed.has(one), failures));
    signal?.throwIfAborted();
    try {
      return await ask(server, counted(server));
    } catch (failure) {
      if (failure instanceof GoneMeanwhile) continue;
      if (!(failure instanceof ConnectionFailure)) throw failure;
      failures.push(failure);
      failed.add(server);
      if (uses >= maxUses) throw failure;
    }
  }
}

/** Probe all that may be asked, and give the first that answers; it is up then. */
async function revive(
  list: ServerList,
  mayBeAsked: (server: DirectoryServer) => boolean,
  failures: readonly unknown[],
): Promise<DirectoryServer> {
  const known = await list.current();
  const candidates = (known.some(mayBeAsked) && failures.length === 0 ? await list.renew() : known).filter(
    mayBeAsked,
  );
  const probes = candidates.map(async (server) => {
    await server.probe();
    return server;
  });
  try {
    return await Promise.any(probes);
  } catch (probed) {
    const all = [...failures, ...(probed instanceof AggregateError ? probed.errors : [probed])];
    const cause = all.length === 1 ? all[0] : new AggregateError(all, 'every server failed');
    throw new Unavailable('directory', 'no server of the directory could be reached', cause);
  }
}
