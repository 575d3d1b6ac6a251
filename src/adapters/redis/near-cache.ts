import { LRUCache } from 'lru-cache';
import type { AccountNews } from '../../ports/account-news.ts';
import type { Account, AccountStore, NearAccountStore } from '../../ports/account-store.ts';
import { bytesInMemory } from './bytes-in-memory.ts';

/** For how long a record is kept at most, in milliseconds, and how many bytes all of them may take. */
export interface NearCacheOptions {
  readonly ttlMs: number;
  readonly maxBytes: number;
}

/** The cache's own lists and the text that fields were cut from, for each record. */
const ENTRY_BYTES = 320;

/**
 * Keep records that were just read, until `news` tell of a change. What is kept is as old as its read's beginning, and
 * nothing is kept of a read that a change overtook, or while changes are not heard of.
 * @param now monotonic clock, in milliseconds
 */
export function createNearCache(
  store: AccountStore,
  news: AccountNews,
  { ttlMs, maxBytes }: NearCacheOptions,
  now: () => number = () => performance.now(),
): NearAccountStore {
  const kept = new LRUCache<number, Account>({
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now },
    maxSize: maxBytes,
    // The owner twice: whoever verifies keeps what it answers of an account for as long as the account is kept.
    sizeCalculation: (account) => ENTRY_BYTES + bytesInMemory(account) + bytesInMemory(account.owner),
  });
  const reads = new Set<{ readonly id: number; isOvertaken: boolean }>();
  const forget = (id: number | undefined) => {
    if (id === undefined) kept.clear();
    else kept.delete(id);
    for (const reading of reads) if (id === undefined || reading.id === id) reading.isOvertaken = true;
  };
  const read = async (id: number): Promise<Account | undefined> => {
    const reading = { id, isOvertaken: !news.isHeard() };
    const start = now();
    reads.add(reading);
    try {
      const account = await store.read(id);
      if (account && !reading.isOvertaken) kept.set(id, account, { start });
      return account;
    } finally {
      reads.delete(reading);
    }
  };

  news.listen(forget);
  return {
    ...forgettingChanges(store, forget),
    read,
    kept: (id) => (news.isHeard() ? kept.get(id) : undefined),
  };
}

/** Forget before, for reads that see the change before its answer is here, and after, for those that did not see it. */
function forgettingChanges(store: AccountStore, forget: (id: number) => void): Omit<AccountStore, 'read'> {
  const changing = async <T>(id: number, change: Promise<T>): Promise<T> => {
    forget(id);
    try {
      return await change;
    } finally {
      forget(id);
    }
  };
  return {
    create: (account) => changing(account.id, store.create(account)),
    mint: (id, nonce, key) => changing(id, store.mint(id, nonce, key)),
    revoke: (id) => changing(id, store.revoke(id)),
    acknowledge: (account) => changing(account.id, store.acknowledge(account)),
    updateOwner: (id, owner) => changing(id, store.updateOwner(id, owner)),
    confirm: (id, confirmation) => changing(id, store.confirm(id, confirmation)),
    suspend: (id, leaving) => changing(id, store.suspend(id, leaving)),
    suspendByOperator: (id) => changing(id, store.suspendByOperator(id)),
    restore: (id) => changing(id, store.restore(id)),
    remove: (id) => changing(id, store.remove(id)),
    findId: (directoryId, entryId) => store.findId(directoryId, entryId),
    nextId: () => store.nextId(),
    point: (directoryId, entryId, id, instead) => store.point(directoryId, entryId, id, instead),
    unpoint: (directoryId, entryId, id) => store.unpoint(directoryId, entryId, id),
    ids: () => store.ids(),
    ping: () => store.ping(),
  };
}
