import type { LdapConnection } from '../connection/connection.ts';

/** How long a connection is kept; milliseconds. */
export interface KeepOptions {
  readonly maxAgeMs: number;
  readonly maxIdleMs: number;
}

/** A connection that is kept, since when, and how many have it. */
export interface Kept {
  readonly connection: LdapConnection;
  readonly bornAt: number;
  usedAt: number;
  borrowers: number;
  /** Not lent any more: closed when the last borrower gives it back. */
  isRetired: boolean;
}

/** Keeps account of connections, and closes those that nobody may borrow any more. */
export interface ConnectionShelf extends AsyncDisposable {
  /** Open one more. Throws what opening it throws. */
  open(): Promise<Kept>;
  /** Whether it may be lent: neither closed, retired, too old nor idle for too long. */
  isLendable(kept: Kept): boolean;
  lend(kept: Kept): void;
  giveBack(kept: Kept): void;
  /** Lend it no more, and close it when nobody has it. */
  retire(kept: Kept): void;
  /** Begin a new generation: those of before, also those that are being opened, are retired. */
  renew(): void;
  /** Retire all that there are, and will be. */
  end(): void;
  readonly isEnded: () => boolean;
}

/**
 * Make a shelf. When it is disposed of, what is lent is closed under whoever has it.
 * @param now monotonic clock, in milliseconds
 */
export function createConnectionShelf(
  open: () => Promise<LdapConnection>,
  options: KeepOptions,
  now: () => number = () => performance.now(),
): ConnectionShelf {
  const all = new Set<Kept>();
  let generation = 0;
  let ended = false;

  const retire = (kept: Kept): void => {
    kept.isRetired = true;
    if (kept.borrowers === 0) void kept.connection.close();
  };
  const isLendable = (kept: Kept): boolean => {
    if (kept.isRetired || kept.connection.isClosed()) return false;
    const isIdleTooLong = kept.borrowers === 0 && now() - kept.usedAt >= options.maxIdleMs;
    return !isIdleTooLong && now() - kept.bornAt < options.maxAgeMs;
  };
  const sweep = setInterval(
    () => {
      for (const kept of all) if (!isLendable(kept)) retire(kept);
    },
    Math.max(20, options.maxIdleMs / 4),
  ).unref();
  const renew = (): void => {
    generation++;
    for (const kept of all) retire(kept);
  };
  const end = (): void => {
    ended = true;
    clearInterval(sweep);
    renew();
  };

  return {
    async open() {
      const bornIn = generation;
      const connection = await open();
      const isRetired = ended || bornIn !== generation;
      const kept: Kept = { connection, bornAt: now(), usedAt: now(), borrowers: 0, isRetired };
      all.add(kept);
      connection.onClose(() => all.delete(kept));
      return kept;
    },
    isLendable,
    lend(kept) {
      kept.borrowers++;
    },
    giveBack(kept) {
      kept.borrowers--;
      kept.usedAt = now();
      if (kept.isRetired && kept.borrowers === 0) void kept.connection.close();
    },
    retire,
    renew,
    end,
    isEnded: () => ended,
    async [Symbol.asyncDispose]() {
      end();
      await Promise.all([...all].map(({ connection }) => connection.close()));
    },
  };
}
