import type { LdapConnection } from './connection.ts';
import { createGate, type GateOptions } from './gate.ts';

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
  options: GateOptions,
): BindConnections {
  const gate = createGate(options);
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
