import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LdapConnection } from '../connection/connection.ts';
import { createConnectionShelf, type KeepOptions, type Kept } from './connection-shelf.ts';

/** Lends connections for binds as people: each to one borrower at a time, and never for a search. */
export interface BindConnections extends AsyncDisposable {
  /**
   * `use` is called once, unless `signal` is aborted before: then its reason is thrown. Throws what opening a
   * connection throws, and whatever `use` throws.
   */
  withConnection<T>(use: (connection: LdapConnection) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Begin a new generation: what is idle is closed, and what is lent when it is given back. */
  renew(): void;
  /** Keep none any more: what is lent, or asked for from now on, is closed when it is given back. */
  end(): void;
}

/**
 * Keep the connections that `open` makes. One bind in flight on each: a directory may drop
 * what is outstanding when another bind arrives (RFC 4511, 4.2.1). A connection that closed is not lent again.
 */
export function createBindConnections(
  open: () => Promise<LdapConnection>,
  options: KeepOptions,
  now?: () => number,
): BindConnections {
  const shelf = createConnectionShelf(open, options, now);
  const idle: Kept[] = [];

  const take = async (): Promise<Kept> => {
    for (let last = idle.pop(); last; last = idle.pop()) {
      shelf.lend(last);
      // What the server has closed is known only after what came through the sockets has been read.
      await nextTurn();
      await nextTurn();
      if (!last.isRetired && !last.connection.isClosed()) return last;
      shelf.giveBack(last);
    }
    const kept = await shelf.open();
    shelf.lend(kept);
    return kept;
  };

  return {
    async withConnection(use, signal) {
      for (const kept of idle.splice(0)) {
        if (shelf.isLendable(kept)) idle.push(kept);
        else shelf.retire(kept);
      }
      const kept = await take();
      try {
        signal?.throwIfAborted();
        return await use(kept.connection);
      } finally {
        shelf.giveBack(kept);
        if (shelf.isLendable(kept)) idle.push(kept);
        else shelf.retire(kept);
      }
    },
    renew() {
      idle.length = 0;
      shelf.renew();
    },
    end: shelf.end,
    [Symbol.asyncDispose]: () => shelf[Symbol.asyncDispose](),
  };
}
