import { createGate, type GateOptions } from '../gate.ts';
import type { LdapConnection } from './connection.ts';

/** How many connections there may be, how many sign-ins may wait for one, and how long. */
export type BindConnectionOptions = Omit<GateOptions, 'awaited'>;

/** Lends connections for binds as people: each to one borrower at a time, and never for a search. */
export interface BindConnections extends AsyncDisposable {
  /** Throws `Unavailable` where no connection is to be had in time, and whatever `use` throws. */
  withConnection<T>(use: (connection: LdapConnection) => Promise<T>): Promise<T>;
}

/**
 * Keep up to `options.size` connections that `open` makes. One bind in flight on each: a directory may drop
 * what is outstanding when another bind arrives (RFC 4511, 4.2.1). A connection that closed is not lent again.
 */
export function createBindConnections(
  open: () => Promise<LdapConnection>,
  options: BindConnectionOptions,
): BindConnections {
  const gate = createGate({ ...options, awaited: 'a connection to the directory' });
  let ended = false;
  const idle: LdapConnection[] = [];

  const take = (): LdapConnection | undefined => {
    for (let last = idle.pop(); last; last = idle.pop()) {
      if (!last.isClosed()) return last;
    }
    return undefined;
  };

  return {
    withConnection: (use) =>
      gate(async () => {
        const connection = take() ?? (await open());
        try {
          return await use(connection);
        } finally {
          if (ended) await connection.close();
          else if (!connection.isClosed()) idle.push(connection);
        }
      }),
    async [Symbol.asyncDispose]() {
      ended = true;
      await Promise.all(idle.splice(0).map((connection) => connection.close()));
    },
  };
}
