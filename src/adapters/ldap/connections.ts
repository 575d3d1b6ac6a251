import type { Client } from 'ldapts';
import type { LdapConnection } from './connection/connection.ts';
import type { Supports } from './connection/supported-controls.ts';

/** The server that a search is sent to. */
export interface AskedServer {
  /** Its host and port. */
  readonly name: string;
  readonly supports: Supports;
}

/**
 * Lends a directory's connections. Both throw `Unavailable` where none is to be had in time, and what `use`
 * throws; where `signal` is aborted, its reason.
 */
export interface DirectoryConnections extends AsyncDisposable {
  /**
   * Lends a client that is bound as the service account, and that others use at the same time. `use` is called
   * once more, on the next server, where its server failed under it: a search may be repeated. Each time it is told
   * which server it asks.
   */
  search<T>(use: (client: Client, server: AskedServer) => Promise<T>, signal?: AbortSignal): Promise<T>;

  /**
   * Lends a connection for one bind as a person, to nobody else meanwhile. Until then it is bound as nobody, or
   * still as the person before: nothing but the root DSE may be read before the bind. `use` is called once at most.
   */
  bind<T>(use: (connection: LdapConnection) => Promise<T>, signal?: AbortSignal): Promise<T>;

  /** Whether a server is thought to answer: nothing has failed on it since it last did. Asks none. */
  isUp(): boolean;
}
