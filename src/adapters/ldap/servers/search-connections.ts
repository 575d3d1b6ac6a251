import type { LdapConnection } from '../connection/connection.ts';
import { ConnectionFailure } from '../connection/connection-failure.ts';
import { createConnectionShelf, type KeepOptions, type Kept } from './connection-shelf.ts';

/** Lends connections bound as the service account: each to any number of borrowers at once, never for a bind. */
export interface SearchConnections extends AsyncDisposable {
  /** Throws what opening a connection throws, and whatever `use` throws. */
  withConnection<T>(use: (connection: LdapConnection) => Promise<T>): Promise<T>;
  /** Begin a new generation: what is open is lent no more, and closed as soon as nobody has it. */
  renew(): void;
  /** Lend none any more: what is lent is closed as soon as nobody has it. */
  end(): void;
}

/** Keep `options.size` connections that `open` makes and binds: opened when first needed, and again when lost. */
export function createSearchConnections(
  open: () => Promise<LdapConnection>,
  options: KeepOptions & { readonly size: number },
  now?: () => number,
): SearchConnections {
  const shelf = createConnectionShelf(open, options, now);
  const slots = new Array<Promise<Kept> | undefined>(options.size).fill(undefined);
  let turn = 0;

  /** One opening at a time for each slot: whoever comes meanwhile waits for the same connection. */
  const fill = (slot: number): Promise<Kept> => {
    if (shelf.isEnded()) {
      throw new ConnectionFailure('disconnected', 'the connections to the server are closed');
    }
    const opening = shelf.open();
    slots[slot] = opening;
    opening.catch(() => {
      if (slots[slot] === opening) slots[slot] = undefined;
    });
    return opening;
  };

  const lend = async (slot: number): Promise<Kept> => {
    const held = slots[slot] ?? fill(slot);
    const kept = await held;
    if (shelf.isLendable(kept)) return kept;
    if (slots[slot] === held) slots[slot] = undefined;
    shelf.retire(kept);
    return slots[slot] ?? fill(slot);
  };

  return {
    async withConnection(use) {
      turn = (turn + 1) % options.size;
      const kept = await lend(turn);
      shelf.lend(kept);
      try {
        kept.connection.gather();
        return await use(kept.connection);
      } finally {
        shelf.giveBack(kept);
      }
    },
    renew() {
      slots.fill(undefined);
      shelf.renew();
    },
    end: shelf.end,
    // What is still being opened is closed when it is open: waiting for it could take as long as the directory likes.
    [Symbol.asyncDispose]: () => shelf[Symbol.asyncDispose](),
  };
}
