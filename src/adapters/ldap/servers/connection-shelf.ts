import type { LdapConnection } from '../connection/connection.ts';

/** How long a connection is kept, and given to finish at the end; milliseconds. */
export interface KeepOptions {
  readonly maxAgeMs: number;
  readonly maxIdleMs: number;
  readonly drainMs: number;
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
  add(connection: LdapConnection): Kept;
  /** Whether it may be lent: neither closed, retired, too old nor idle for too long. */
  isLendable(kept: Kept): boolean;
  lend(kept: Kept): void;
  giveBack(kept: Kept): void;
  /** Lend it no more, and close it when nobody has it. */
  retire(kept: Kept): void;
  /** Retire all: those of before are not lent any more. */
  retireAll(): void;
  readonly isEnded: () => boolean;
}

/**
 * Make a shelf. At its end those who have a connection get to finish, for up to `drainMs`.
 * @param now monotonic clock, in milliseconds
 */
export function createConnectionShelf(options: KeepOptions, now = () => performance.now()): ConnectionShelf {
  const all = new Set<Kept>();
  const drained = Promise.withResolvers<void>();
  let ended = false;

  const retire = (kept: Kept): Promise<void> => {
    kept.isRetired = true;
    return kept.borrowers === 0 ? kept.connection.close() : Promise.resolve();
  };
  const isLendable = (kept: Kept): boolean => {
    if (kept.isRetired || kept.connection.isClosed()) return false;
    const isIdleTooLong = kept.borrowers === 0 && now() - kept.usedAt >= options.maxIdleMs;
    return !isIdleTooLong && now() - kept.bornAt < options.maxAgeMs;
  };
  const sweep = setInterval(
    () => {
      for (const kept of all) if (!isLendable(kept)) void retire(kept);
    },
    Math.max(20, options.maxIdleMs / 4),
  ).unref();

  return {
    add(connection) {
      const kept: Kept = { connection, bornAt: now(), usedAt: now(), borrowers: 0, isRetired: ended };
      all.add(kept);
      connection.onClose(() => {
        all.delete(kept);
        if (all.size === 0) drained.resolve();
      });
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
    retire: (kept) => void retire(kept),
    retireAll() {
      for (const kept of all) void retire(kept);
    },
    isEnded: () => ended,
    async [Symbol.asyncDispose]() {
      ended = true;
      clearInterval(sweep);
      await Promise.all([...all].map(retire));
      if (all.size === 0) return;
      const timer = setTimeout(drained.resolve, options.drainMs);
      await drained.promise;
      clearTimeout(timer);
      await Promise.all([...all].map(({ connection }) => connection.close()));
    },
  };
}
