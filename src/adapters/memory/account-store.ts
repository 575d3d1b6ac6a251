import type { Account, AccountStore } from '../../ports/account-store.ts';

/** 2026-01-01T00:00:00Z in milliseconds since 1970: ids count the seconds from here. */
const ID_EPOCH_MS = 1_767_225_600_000;

/** Accounts in this process, gone with it. @param now milliseconds since 1970 */
export function createMemoryAccountStore(now: () => number): AccountStore {
  const records = new Map<number, Account>();
  const pointers = new Map<string, number>();
  let lastId = 0;
  return {
    findId: async (directoryId, entryId) => pointers.get(pointerKey(directoryId, entryId)),
    read: async (id) => records.get(id),
    async nextId() {
      lastId = Math.max(lastId + 1, Math.floor((now() - ID_EPOCH_MS) / 1000));
      return lastId;
    },
    async create(account) {
      if (records.has(account.id)) return false;
      records.set(account.id, account);
      return true;
    },
    async point(directoryId, entryId, id, instead) {
      const key = pointerKey(directoryId, entryId);
      const held = pointers.get(key);
      if (held !== undefined && held !== instead) return held;
      pointers.set(key, id);
      return id;
    },
    async mint(id, nonce, key) {
      const account = records.get(id);
      if (account?.key.nonce !== nonce) return false;
      records.set(id, { ...account, key });
      return true;
    },
    async updateOwner(id, owner) {
      const account = records.get(id);
      if (account) records.set(id, { ...account, owner });
    },
    async remove(id) {
      records.delete(id);
    },
    async ping() {},
  };
}

function pointerKey(directoryId: string, entryId: string): string {
  return `${directoryId}:${entryId}`;
}
