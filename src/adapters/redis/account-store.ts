import type { AccountStore } from '../../ports/account-store.ts';
import { accountFields, keyField, ownerField, readAccount } from './account-record.ts';
import { answered, type RedisClient } from './client.ts';

/** 2026-01-01T00:00:00Z in seconds since 1970: ids count from here, so that they stay short. */
const ID_EPOCH_SECONDS = 1_767_225_600;

const COUNTER_KEY = 'last-account-id';

/** Accounts in Redis: a hash for each, a string that points to it, and one counter. */
export function createRedisAccountStore(redis: RedisClient): AccountStore {
  return {
    async findId(directoryId, entryId) {
      const id = await answered(redis.get(pointerKey(directoryId, entryId)));
      return id === null ? undefined : readId(id);
    },
    async read(id) {
      return readAccount(id, await answered(redis.hgetall(accountKey(id))));
    },
    nextId: () => answered(redis.nextAccountId(COUNTER_KEY, ID_EPOCH_SECONDS)),
    async create(account) {
      return (await answered(redis.createAccount(accountKey(account.id), ...accountFields(account)))) === 1;
    },
    async point(directoryId, entryId, id, instead) {
      return readId(await answered(redis.pointEntry(pointerKey(directoryId, entryId), id, instead ?? '')));
    },
    async mint(id, nonce, key) {
      return (await answered(redis.mintKey(accountKey(id), nonce, keyField(key)))) === 1;
    },
    async updateOwner(id, owner) {
      await answered(redis.updateOwner(accountKey(id), ownerField(owner)));
    },
    async remove(id) {
      await answered(redis.del(accountKey(id)));
    },
    async ping() {
      await answered(redis.ping());
    },
  };
}

function accountKey(id: number): string {
  return `account:${id}`;
}

function pointerKey(directoryId: string, entryId: string): string {
  return `entry:${directoryId}:${entryId}`;
}

function readId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw new Error('a pointer to an account is malformed');
  return id;
}
