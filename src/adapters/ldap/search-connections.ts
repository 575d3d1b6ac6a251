import { Unavailable } from '../../errors.ts';
import type { LdapConnection } from './connection.ts';

/** Lends connections bound as the service account: each to any number of borrowers at once, never for a bind. */
export interface SearchConnections extends AsyncDisposable {
  /**
   * `use` is asked once more, on a new connection, where its connection is lost under it: a search may be
   * repeated. Throws `Unavailable`, and whatever `use` throws.
   */
  withConnection<T>(use: (connection: LdapConnection) => Promise<T>): Promise<T>;
}

/** Keep `size` connections that `open` makes and binds: opened when first needed, and again when lost. */
export function createSearchConnections(
  open: () => Promise<LdapConnection>,
  size: number,
): SearchConnections {
  const slots = new Array<Promise<LdapConnection> | undefined>(size).fill(undefined);
  const live = new Set<LdapConnection>();
  let turn = 0;
  let ended = false;

  /** One opening at a time for each slot: whoever comes meanwhile waits for the same connection. */
  const fill = (slot: number): Promise<LdapConnection> => {
    if (ended) throw new Unavailable('directory', 'the connections to the directory are closed');
    const opening = open();
    slots[slot] = opening;
    const vacate = () => {
      if (slots[slot] === opening) slots[slot] = undefined;
    };
    opening.then((connection) => {
      live.add(connection);
      connection.onClose(() => {
        live.delete(connection);
        vacate();
      });
      if (ended) return connection.close();
    }, vacate);
    return opening;
  };

  const lend = async (slot: number): Promise<LdapConnection> => {
    const held = slots[slot] ?? fill(slot);
    const connection = await held;
    if (!connection.isClosed()) return connection;
    // Its slot may not have heard of it yet.
    if (slots[slot] === held) slots[slot] = undefined;
    return slots[slot] ?? fill(slot);
  };

  return {
    async withConnection(use) {
      turn = (turn + 1) % size;
      const slot = turn;
      const connection = await lend(slot);
      try {
        return await use(connection);
      } catch (failure) {
        // A search that had its time would only have it twice.
        if (ended || !connection.isClosed() || isTimeout(failure)) throw failure;
        return use(await lend(slot));
      }
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      // What is still being opened is closed when it is open: waiting for it could take as long as the directory likes.
      await Promise.all([...live].map((connection) => connection.close()));
    },
  };
}

/** ldapts gives its time-outs no class and no code. */
function isTimeout(failure: unknown): boolean {
  return failure instanceof Error && failure.message.endsWith('Operation timed out');
}
