import type { AccountStore, CheckedAccount } from '../../ports/account-store.ts';
import { accountIdOf, accountKey, accountKeyPrefix, pointerKey } from './account-key.ts';
import { type AccountFields, accountFields, keyField, readAccount } from './account-record.ts';
import type { CheckReply } from './account-scripts.ts';
import { type AcknowledgedChanges, createAcknowledgedChanges, newMark } from './acknowledged-changes.ts';
import type { AcknowledgedWrites } from './acknowledged-writes.ts';
import { answered, mastersOf, type RedisClient } from './client.ts';
import { NEW_MARK } from './marked-scripts.ts';
import { ownerText } from './owner-record.ts';

/** 2026-01-01T00:00:00Z in seconds since 1970: ids count from here, so that they stay short. */
const ID_EPOCH_SECONDS = 1_767_225_600;

const COUNTER_KEY = 'last-account-id';

/**
 * Accounts in Redis: a hash for each, a string that points to it, and one counter.
 * @param writes how changes are acknowledged; `undefined`: they need not be
 */
export function createRedisAccountStore(redis: RedisClient, writes?: AcknowledgedWrites): AccountStore {
  return {
    ...(writes ? createAcknowledgedChanges(redis, writes) : createPlainChanges(redis)),
    async findId(directoryId, entryId) {
      const id = await answered(redis.get(pointerKey(directoryId, entryId)));
      return id === null ? undefined : readId(id);
    },
    async read(id) {
      const text = await answered(redis.readHash(accountKey(id)));
      return text === '' ? undefined : readAccount(id, fieldsOf(text.split('\0')));
    },
    nextId: () => answered(redis.nextAccountId(COUNTER_KEY, ID_EPOCH_SECONDS)),
    create(account) {
      const fields = [...accountFields(account), ...(writes ? ['pending', NEW_MARK + newMark()] : [])];
      const { id, check, owner } = account;
      return changed(redis.createAccount(accountKey(id), check.server, ownerText(owner), ...fields));
    },
    async point(directoryId, entryId, id, instead) {
      return readId(await answered(redis.pointEntry(pointerKey(directoryId, entryId), id, instead ?? '')));
    },
    async updateOwner(id, owner) {
      await answered(redis.updateOwner(accountKey(id), ownerText(owner)));
    },
    async confirm(id, { server, elapsedMs, restoreAfterMs, owner }) {
      const text = owner ? ownerText(owner) : '';
      return readReply(id, redis.confirmAccount(accountKey(id), server, elapsedMs, restoreAfterMs, text));
    },
    async suspend(id, { server, elapsedMs, reason, forgetAfterMs }) {
      const key = accountKey(id);
      return readReply(id, redis.suspendAccount(key, server, elapsedMs, reason, forgetAfterMs ?? ''));
    },
    async remove(id) {
      await answered(redis.removeAccount(accountKey(id)));
    },
    async unpoint(directoryId, entryId, id) {
      await answered(redis.unpointEntry(pointerKey(directoryId, entryId), id));
    },
    async *ids() {
      const prefix = accountKeyPrefix(redis.options.keyPrefix ?? '');
      const pattern = `${escapeGlob(prefix)}*`;
      for (const master of mastersOf(redis)) {
        let cursor = '0';
        do {
          const [next, keys] = await answered(master.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT));
          cursor = next;
          for (const key of keys) {
            const id = accountIdOf(key, prefix);
            if (id !== undefined) yield id;
          }
        } while (cursor !== '0');
      }
    },
    async ping() {
      // Not PING: the nodes of a Cluster answer it even where none of them may answer for a key.
      await answered(Promise.any(PROBES.map((key) => redis.exists(key))));
    },
  };
}

/** What counts as kept once the server has it that was asked. */
function createPlainChanges(redis: RedisClient): AcknowledgedChanges {
  return {
    mint: (id, nonce, key) => changed(redis.mintKey(accountKey(id), nonce ?? '', keyField(key), '')),
    revoke: (id) => changed(redis.revokeKey(accountKey(id), '')),
    async acknowledge() {},
    suspendByOperator: (id) => changed(redis.stopAccount(accountKey(id), '')),
    restore: (id) => changed(redis.restoreAccount(accountKey(id), '')),
  };
}

/** Keys that are never there, on several parts of a Cluster: it is not away as long as one of them answers. */
const PROBES = ['probe:1', 'probe:2', 'probe:3', 'probe:4', 'probe:5', 'probe:6'];

/** How many keys one SCAN looks at. */
const SCAN_COUNT = 1000;

/** Whether a script changed anything. */
async function changed(script: Promise<number>): Promise<boolean> {
  return (await answered(script)) === 1;
}

async function readReply(id: number, reply: Promise<CheckReply>): Promise<CheckedAccount | undefined> {
  const [hasTurned, flat = []] = await answered(reply);
  const account = readAccount(id, fieldsOf(flat));
  return account && { account, hasTurned: hasTurned === 1 };
}

/** @param flat field, value, … */
function fieldsOf(flat: readonly string[]): AccountFields {
  const fields: Record<string, string> = {};
  for (let at = 0; at + 1 < flat.length; at += 2) fields[flat[at] as string] = flat[at + 1] as string;
  return fields;
}

function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}

function readId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw new Error('a pointer to an account is malformed');
  return id;
}
