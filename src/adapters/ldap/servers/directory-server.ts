import { Unavailable } from '../../../errors.ts';
import type { Log } from '../../../ports/log.ts';
import { createGate, type GateOptions } from '../../gate.ts';
import { bindAsService, hasServiceAccount, type ServiceAccount } from '../connection/bind-as-service.ts';
import { type ConnectionLimits, type LdapConnection, openConnection } from '../connection/connection.ts';
import {
  BIND_RESULTS,
  type FailureKind,
  GoneMeanwhile,
  SERVICE_RESULTS,
  serverFailureOf,
} from '../connection/connection-failure.ts';
import type { Dial, DialledFor } from '../connection/dial.ts';
import { type Endpoint, nameOf } from '../connection/endpoint.ts';
import { createSupports, readControls, type Supports } from '../connection/supported-controls.ts';
import { createBindConnections } from './bind-connections.ts';
import type { KeepOptions } from './connection-shelf.ts';
import { ROOT_DSE, readEntry } from './read-entry.ts';
import { createSearchConnections } from './search-connections.ts';
import { createServerBreaker, type ProbeOptions } from './server-breaker.ts';

/** What asks one server. */
export interface ServerOptions extends ServiceAccount, ConnectionLimits {
  /** The directory's name in the log. */
  readonly id: string;
  /** What every search is below. */
  readonly userBase: string;
  readonly searchConnections: number;
  readonly bindConnections: Omit<GateOptions, 'awaited'>;
  readonly connectionMaxAgeMs: number;
  readonly connectionMaxIdleMs: number;
  readonly probe: ProbeOptions;
}

/** What is asked over a lent connection. */
export type Use<T> = (connection: LdapConnection) => Promise<T>;

/**
 * One server of a directory, with connections of its own. Where it fails, `ConnectionFailure` is thrown, it is
 * down at once, its connections are lent no more, and it is probed until it answers.
 */
export interface DirectoryServer extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly isUp: () => boolean;
  /** Which controls may be sent, as the server tells the service account. Throws what `search` throws. */
  readonly supports: Supports;
  search<T>(use: Use<T>): Promise<T>;
  /** Throws `GoneMeanwhile`, too: then it may be asked again. */
  bind<T>(use: Use<T>, signal?: AbortSignal): Promise<T>;
  /** Ask it now whether it works, once however many call meanwhile; throws where it does not. */
  probe(): Promise<void>;
  /** It is to be asked no more: each of its connections is closed when whoever has it is done. */
  retire(): void;
}

/** Make a server. Nothing is connected before the first call. */
export function createDirectoryServer(
  parts: { readonly dial: Dial; readonly log: Log },
  endpoint: Endpoint,
  options: ServerOptions,
): DirectoryServer {
  const keep: KeepOptions = {
    maxAgeMs: options.connectionMaxAgeMs,
    maxIdleMs: options.connectionMaxIdleMs,
  };
  const open = async (dialledFor: DialledFor, signal?: AbortSignal) =>
    openConnection(await parts.dial(endpoint, dialledFor, signal), options);
  const openAsService = async (signal?: AbortSignal) => {
    if (!hasServiceAccount(options)) {
      throw new Unavailable('directory', 'the directory has no service account to search as');
    }
    const connection = await open('service', signal);
    try {
      await bindAsService(connection, options);
      return connection;
    } catch (failure) {
      await connection.close();
      throw failure;
    }
  };
  const searches = createSearchConnections(() => openAsService(), {
    ...keep,
    size: options.searchConnections,
  });
  const newSupports = () =>
    createSupports(() =>
      searches.withConnection(named(({ client }) => readControls(client), SERVICE_RESULTS)),
    );
  let known = newSupports();
  const supports: Supports = (control) => known(control);
  // Some servers show nobody but the service account what they support.
  const openForBinds = async () => {
    const connection = await open('person');
    return hasServiceAccount(options) ? { ...connection, supports } : connection;
  };
  const binds = createBindConnections(openForBinds, keep);
  const newGate = () => createGate({ ...options.bindConnections, awaited: 'a connection to the directory' });
  let gate = newGate();
  let gone = new AbortController();

  // Nobody waits for what a probe finds out once there is nothing more to ask.
  const ending = new AbortController();
  const probe = async () => {
    const asService = hasServiceAccount(options);
    const connection = asService ? await openAsService(ending.signal) : await open('service', ending.signal);
    try {
      // A server may answer about itself while what holds its people does not.
      await (asService
        ? readEntry(connection, options.userBase, SERVICE_RESULTS)
        : readEntry(connection, ROOT_DSE, BIND_RESULTS));
    } finally {
      await connection.close();
    }
  };
  const log = { directory: options.id, server: nameOf(endpoint) };
  const breaker = createServerBreaker(probe, options.probe, {
    onDown(failure) {
      // Who waits behind binds that hang is not to wait for their end, nor is whoever comes when it is back.
      gone.abort(new GoneMeanwhile(failure));
      [gate, gone, known] = [newGate(), new AbortController(), newSupports()];
      searches.renew();
      binds.renew();
      const reason = { reason: failure.kind, error: failure.message };
      parts.log.warn({ ...log, ...reason }, 'a server of the directory is gone');
    },
    onUp: () => parts.log.info(log, 'a server of the directory is back'),
  });
  const retire = () => {
    breaker[Symbol.dispose]();
    ending.abort();
    searches.end();
    binds.end();
  };

  return {
    endpoint,
    isUp: breaker.isUp,
    probe: breaker.probe,
    supports,
    search: (use) => breaker.run(() => searches.withConnection(named(use, SERVICE_RESULTS))),
    bind: (use, signal) =>
      gate(
        () => breaker.run(() => binds.withConnection(named(use, BIND_RESULTS), signal)),
        signal,
        gone.signal,
      ),
    retire,
    async [Symbol.asyncDispose]() {
      retire();
      await Promise.all([searches[Symbol.asyncDispose](), binds[Symbol.asyncDispose]()]);
    },
  };
}

/** Names what was thrown where it says something about the server. */
function named<T>(use: Use<T>, results: ReadonlyMap<number, FailureKind>): Use<T> {
  return async (connection) => {
    try {
      return await use(connection);
    } catch (thrown) {
      throw connection.lossOf(thrown) ?? serverFailureOf(thrown, results) ?? thrown;
    }
  };
}
