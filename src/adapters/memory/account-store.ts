import type { Account, Check, Confirmation, Leaving, NearAccountStore } from '../../ports/account-store.ts';

/** 2026-01-01T00:00:00Z in milliseconds since 1970: ids count the seconds from here. */
const ID_EPOCH_MS = 1_767_225_600_000;

/** Accounts in this process, gone with it. @param now milliseconds since 1970 */
export function createMemoryAccountStore(now: () => number): NearAccountStore {
  const records = new Map<number, Account>();
  const forgetAt = new Map<number, number>();
  const pointers = new Map<string, number>();
  let lastId = 0;
  const read = (id: number): Account | undefined => {
    if ((forgetAt.get(id) ?? Number.POSITIVE_INFINITY) <= now()) records.delete(id);
    return records.get(id);
  };
  /** Gives the record as it is afterwards; `undefined`: there is none. */
  const change = (id: number, how: (account: Account) => Account): Account | undefined => {
    const account = read(id);
    if (!account) return undefined;
    const changed = how(account);
    records.set(id, changed);
    return changed;
  };
  return {
    findId: async (directoryId, entryId) => pointers.get(pointerKey(directoryId, entryId)),
    read: async (id) => read(id),
    // A read of this process is as near as it gets.
    kept: () => undefined,
    async nextId() {
      lastId = Math.max(lastId + 1, Math.floor((now() - ID_EPOCH_MS) / 1000));
      return lastId;
    },
    async create(account) {
      if (read(account.id)) return false;
      forgetAt.delete(account.id);
      records.set(account.id, { ...account, check: { ...account.check, at: now() } });
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
      const account = read(id);
      if (!account || account.key?.nonce !== nonce) return false;
      records.set(id, { ...account, key });
      return true;
    },
    async revoke(id) {
      const had = read(id)?.key !== undefined;
      change(id, (account) => ({ ...account, key: undefined }));
      return had;
    },
    async acknowledge() {},
    async updateOwner(id, owner) {
      change(id, (account) => ({ ...account, owner }));
    },
    async confirm(id, confirmation) {
      const before = read(id)?.suspension;
      const account = change(id, (one) => confirm(one, confirmation, now()));
      if (!account) return undefined;
      if (!account.suspension) forgetAt.delete(id);
      return { account, hasTurned: before !== undefined && !account.suspension };
    },
    async suspend(id, leaving) {
      const before = read(id)?.suspension;
      const account = change(id, (one) => suspend(one, leaving, now()));
      if (!account) return undefined;
      const hasTurned = !before && account.suspension !== undefined;
      const { forgetAfterMs } = leaving;
      const isForgotten = hasTurned && account.suspendedByOperatorAt === undefined;
      if (isForgotten && forgetAfterMs !== undefined) forgetAt.set(id, now() + forgetAfterMs);
      return { account, hasTurned };
    },
    async suspendByOperator(id) {
      const account = change(id, (one) => ({ ...one, suspendedByOperatorAt: now() }));
      forgetAt.delete(id);
      return account !== undefined;
    },
    async restore(id) {
      forgetAt.delete(id);
      return change(id, restore) !== undefined;
    },
    async remove(id) {
      records.delete(id);
    },
    async unpoint(directoryId, entryId, id) {
      const key = pointerKey(directoryId, entryId);
      if (pointers.get(key) === id) pointers.delete(key);
    },
    async *ids() {
      yield* records.keys();
    },
    async ping() {},
  };
}

function confirm(account: Account, confirmation: Confirmation, now: number): Account {
  const { server, elapsedMs, owner = account.owner, restoreAfterMs } = confirmation;
  const check = { server, at: now - elapsedMs };
  const { suspension, ...rest } = account;
  if (!suspension) return { ...rest, owner, check: latest(account.check, check, now) };
  const isLifted =
    check.at > suspension.at && (server === suspension.server || now - suspension.at >= restoreAfterMs);
  return isLifted
    ? { ...rest, owner, check }
    : { ...account, owner, check: latest(account.check, check, now) };
}

function suspend(account: Account, { reason, server, elapsedMs }: Leaving, now: number): Account {
  const at = now - elapsedMs;
  const { check, suspension } = account;
  const wasLetInSince = !suspension && check.server === server && check.at > at && check.at <= now;
  return wasLetInSince ? account : { ...account, check: { server, at }, suspension: { reason, server, at } };
}

function restore({ suspension: _, suspendedByOperatorAt: __, ...account }: Account): Account {
  return { ...account, check: { server: '', at: 0 } };
}

/** One in the future was written by a clock that was wrong. */
function latest(before: Check, check: Check, now: number): Check {
  return before.at > check.at && before.at <= now ? before : check;
}

function pointerKey(directoryId: string, entryId: string): string {
  return `${directoryId}:${entryId}`;
}
