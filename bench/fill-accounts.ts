import { randomBytes, randomUUID } from 'node:crypto';
import { createRedisAccountStore } from '../src/adapters/redis/account-store.ts';
import { openRedis } from '../src/adapters/redis/client.ts';
import { deriveApiKey } from '../src/keys/api-key.ts';
import { createSecretRing } from '../src/keys/secret-ring.ts';
import type { Account, Owner } from '../src/ports/account-store.ts';
import { until } from '../test/support/until.ts';

/** Accounts that are made as the service makes them: record and pointer. */
export interface FilledAccounts extends AsyncDisposable {
  /** Make accounts until there are so many. */
  fillTo(count: number): Promise<void>;
  /** API keys of so many accounts, spread over all. */
  keysOf(sample: number): readonly string[];
  /** What Redis says that it uses, in bytes. */
  usedMemory(): Promise<number>;
}

/** So many are on their way at the same time. */
const BATCH = 500;

/** Names of a company, of ordinary length. */
const GIVEN = ['maria', 'james', 'chen', 'fatima', 'oluwaseun', 'anne-sophie', 'ivan', 'jo'];
const FAMILY = ['fernandez', 'li', 'vandenberg', 'okonkwo', 'schmidt', 'ray', 'papadopoulos', 'smith'];
const GROUPS = ['developers', 'staff', 'vpn-users'];

/** @param secret the ring's one secret: base64 */
export async function openAccounts(url: string, secret: string): Promise<FilledAccounts> {
  const silent = { info() {}, warn() {}, error() {} };
  const common = { keyPrefix: 'latchkey:', connectTimeoutMs: 10_000, commandTimeoutMs: 30_000 };
  const redis = openRedis({ ...common, url }, silent);
  const store = createRedisAccountStore(redis);
  await until('Redis answers', () => store.ping().then(() => true));
  const { current } = createSecretRing([Buffer.from(secret, 'base64')]);
  const made: { readonly id: number; readonly nonce: string }[] = [];
  const make = async () => {
    const [id, nonce] = [await store.nextId(), randomBytes(16).toString('hex')];
    const key = { nonce, secretId: current.id, mintedAt: Date.now() };
    const account = accountOf(id, key);
    await store.create(account);
    await store.point(account.directoryId, account.entryId, id);
    made.push({ id, nonce });
  };
  return {
    async fillTo(count) {
      while (made.length < count) {
        await Promise.all(Array.from({ length: Math.min(BATCH, count - made.length) }, make));
      }
    },
    keysOf: (sample) =>
      Array.from({ length: sample }, (_, at) => made[Math.floor((at * made.length) / sample)]).flatMap(
        (one) => (one ? [deriveApiKey(current, one.id, one.nonce)] : []),
      ),
    async usedMemory() {
      return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
    },
    async [Symbol.asyncDispose]() {
      await redis.quit();
    },
  };
}

function accountOf(id: number, key: Account['key']): Account {
  const server = 'ldap.corp.example:636';
  const common = { id, key, check: { at: 0, server }, createdAt: Date.now() };
  return { ...common, directoryId: 'default', entryId: randomUUID(), owner: ownerOf(id) };
}

function ownerOf(id: number): Owner {
  const given = GIVEN[id % GIVEN.length] ?? '';
  const family = FAMILY[Math.floor(id / GIVEN.length) % FAMILY.length] ?? '';
  const username = `${given}.${family}${id % 1000}`;
  const email = `${username}@corp.example`;
  return {
    username,
    email,
    emails: [email],
    fullName: `${given} ${family}`,
    groups: GROUPS,
    formerNames: [],
  };
}
