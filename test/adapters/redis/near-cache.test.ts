import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../../src/adapters/memory/account-store.ts';
import { createNearCache } from '../../../src/adapters/redis/near-cache.ts';
import { createRemoteUser } from '../../../src/http/remote-user.ts';
import { accepted } from '../../../src/http/verify-answer.ts';
import type { Account, AccountStore, NearAccountStore } from '../../../src/ports/account-store.ts';
import { describeAccountStore, sampleAccount } from '../account-store-contract.ts';
import { readNear } from './read-near.ts';

const OPTIONS = { ttlMs: 5_000, maxBytes: 1_000_000 };
const NEW_KEY = { nonce: 'f'.repeat(32), secretId: 'cafebabe', mintedAt: 1_795_000_000_002 };
const ANSWER = { server: 'ldap://one', elapsedMs: 0 };

/** News that a test makes. */
function createNews() {
  const listeners: ((id: number | undefined) => void)[] = [];
  let heard = true;
  return {
    isHeard: () => heard,
    listen: (listener: (id: number | undefined) => void) => void listeners.push(listener),
    tell(id: number | undefined) {
      for (const listener of listeners) listener(id);
    },
    hear(now: boolean) {
      heard = now;
    },
    async [Symbol.asyncDispose]() {},
  };
}

describeAccountStore('with a near cache', async () => {
  let store = createMemoryAccountStore(Date.now);
  const current = new Proxy({} as AccountStore, { get: (_, name: keyof AccountStore) => store[name] });
  const news = createNews();
  return {
    store: createNearCache(current, news, OPTIONS),
    empty: async () => {
      store = createMemoryAccountStore(Date.now);
      news.tell(undefined);
    },
    end: async () => {},
  };
});

describe('the near cache', () => {
  const sample = sampleAccount(1);
  const nonce = sample.key?.nonce;
  let behind: AccountStore;
  let cache: NearAccountStore;
  let news: ReturnType<typeof createNews>;
  let reads: number;
  let time: number;

  const build = (over: Partial<AccountStore> = {}, options = OPTIONS) => {
    const counted: AccountStore = {
      ...behind,
      read: (id) => {
        reads++;
        return behind.read(id);
      },
      ...over,
    };
    cache = createNearCache(counted, news, options, () => time);
  };
  /** Reads take place and are not answered until `answer`. */
  const holdReads = () => {
    const held = Promise.withResolvers<void>();
    build({
      read: async (id) => {
        reads++;
        const before = await behind.read(id);
        await held.promise;
        return before;
      },
    });
    return held.resolve;
  };
  beforeEach(async () => {
    behind = createMemoryAccountStore(Date.now);
    await behind.create(sample);
    news = createNews();
    reads = 0;
    time = 1_000;
    build();
  });

  test('answers again without asking, until the time to live has passed since the read began', async () => {
    build({
      read: async (id) => {
        reads++;
        time += 2_000;
        return behind.read(id);
      },
    });
    const account = await readNear(cache, 1);
    expect(account).toMatchObject({ id: 1, key: sample.key });
    time += OPTIONS.ttlMs - 2_000;
    expect(await readNear(cache, 1)).toEqual(account);
    expect(reads).toBe(1);
    time += 1;
    await readNear(cache, 1);
    expect(reads).toBe(2);
  });

  test('keeps nothing of an account that is not there', async () => {
    expect([await readNear(cache, 2), await readNear(cache, 2)]).toEqual([undefined, undefined]);
    expect(reads).toBe(2);
  });

  test('is gone past by who must know what is written now, and has what they were told', async () => {
    await readNear(cache, 1);
    await behind.mint(1, nonce, NEW_KEY);
    expect((await readNear(cache, 1))?.key).toEqual(sample.key);
    expect((await cache.read(1))?.key).toEqual(NEW_KEY);
    expect((await readNear(cache, 1))?.key).toEqual(NEW_KEY);
    expect(reads).toBe(2);
  });

  test.each([
    ['of the account', 1, 2],
    ['of any account', undefined, 2],
    ['of another account', 2, 1],
  ])('at news %s asks as often as it must', async (_what, id, expected) => {
    await readNear(cache, 1);
    news.tell(id);
    await readNear(cache, 1);
    expect(reads).toBe(expected);
  });

  test.each([
    ['of the account', 1, true],
    ['of any account', undefined, true],
    ['of another account', 2, false],
  ])('keeps nothing of a read that news %s overtook', async (_what, id, isOvertaken) => {
    const answer = holdReads();
    const reading = readNear(cache, 1);
    await behind.mint(1, nonce, NEW_KEY);
    news.tell(id);
    answer();
    expect((await reading)?.key).toEqual(sample.key);
    expect((await readNear(cache, 1))?.key).toEqual(isOvertaken ? NEW_KEY : sample.key);
    expect(reads).toBe(isOvertaken ? 2 : 1);
  });

  test('neither keeps nor uses anything while changes are not heard of', async () => {
    await readNear(cache, 1);
    news.hear(false);
    await readNear(cache, 1);
    await readNear(cache, 1);
    expect(reads).toBe(3);
  });

  test('keeps nothing of a read that began before changes were heard of', async () => {
    const answer = holdReads();
    news.hear(false);
    const reading = readNear(cache, 1);
    news.hear(true);
    answer();
    await reading;
    await readNear(cache, 1);
    await readNear(cache, 1);
    expect(reads).toBe(2);
  });

  const changes: Record<string, (store: AccountStore) => Promise<unknown>> = {
    mint: (store) => store.mint(1, nonce, NEW_KEY),
    revoke: (store) => store.revoke(1),
    acknowledge: (store) => store.acknowledge(sample),
    'update of the owner': (store) => store.updateOwner(1, { ...sample.owner, username: 'jo' }),
    confirmation: (store) => store.confirm(1, { ...ANSWER, restoreAfterMs: 0 }),
    suspension: (store) => store.suspend(1, { ...ANSWER, reason: 'not-found', forgetAfterMs: undefined }),
    "operator's suspension": (store) => store.suspendByOperator(1),
    restoration: (store) => store.restore(1),
    removal: (store) => store.remove(1),
    creation: (store) => store.create(sample),
  };
  test.each(Object.entries(changes))('has forgotten the account after a %s through it', async (_, change) => {
    await readNear(cache, 1);
    await change(cache);
    expect(await readNear(cache, 1)).toEqual(await behind.read(1));
    expect(reads).toBe(2);
  });

  test('has forgotten what may have been changed through it, where nobody knows', async () => {
    build({
      async mint(...change) {
        await behind.mint(...change);
        throw new Error('no answer');
      },
    });
    await readNear(cache, 1);
    await expect(cache.mint(1, nonce, NEW_KEY)).rejects.toThrow('no answer');
    expect((await readNear(cache, 1))?.key).toEqual(NEW_KEY);
  });

  test('keeps nothing of a read that began during a change through it', async () => {
    const written = Promise.withResolvers<void>();
    build({
      async mint(...change) {
        await written.promise;
        return behind.mint(...change);
      },
    });
    const minting = cache.mint(1, nonce, NEW_KEY);
    expect((await readNear(cache, 1))?.key).toEqual(sample.key);
    written.resolve();
    await minting;
    expect((await readNear(cache, 1))?.key).toEqual(NEW_KEY);
  });
});

describe('the memory of the near cache', () => {
  const MAX_BYTES = 8 * 2 ** 20;
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  /** What others have left behind is freed over several turns. */
  const used = async () => {
    for (let turn = 0; turn < 5; turn++) {
      collect();
      await nextTurn();
    }
    return process.memoryUsage().heapUsed;
  };
  /** Not in the test's own frame, which would hold on to what it has seen. */
  const fill = async (caches: NearAccountStore[], store: AccountStore, count: number) => {
    const cache = createNearCache(store, createNews(), { ttlMs: 3_600_000, maxBytes: MAX_BYTES });
    for (let id = 1; id <= count; id++) {
      const account = await readNear(cache, id);
      if (account) remembered.set(account, [accepted(account, nameOf), hash('sha256', `${id}`, 'binary')]);
    }
    caches.push(cache);
  };
  /** What verifications remember of an account. */
  const remembered = new WeakMap<Account, unknown>();
  const nameOf = createRemoteUser(new Map([['default', undefined]]));
  /** Text as it comes from the wire: shared with nothing. */
  const anew = (text: string) => Buffer.from(text).toString();
  const many = (count: number, name: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => name(at));

  test.each<[string, number, (id: number) => Partial<Account['owner']>]>([
    ['like most', 12_000, () => ({})],
    ['in many groups with short names', 4_000, (id) => ({ groups: many(100, (at) => `${id}g${at}`) })],
    [
      'in groups with long names',
      4_000,
      (id) => ({ groups: many(10, (at) => `group ${at} of ${id} ${'x'.repeat(200)}`) }),
    ],
    [
      'with names outside Latin-1',
      12_000,
      (id) => ({ fullName: '張'.repeat(60), groups: many(20, (at) => `部門${id}${at}`) }),
    ],
    ['with nothing', 12_000, () => ({ emails: [], groups: [], formerNames: [], fullName: '' })],
  ])('stays within its bound, and is not much less, with accounts %s', async (_who, count, over) => {
    const store: AccountStore = {
      ...createMemoryAccountStore(Date.now),
      async read(id) {
        const account = sampleAccount(id);
        const owner = JSON.parse(
          anew(JSON.stringify({ ...account.owner, username: `user${id}`, ...over(id) })),
        );
        const keyLine = anew(`${account.key?.nonce} cafebabe ${1_795_000_000_000 + id}`);
        const [nonce = '', secretId = '', mintedAt] = keyLine.split(' ');
        const entryId = anew(`${id}${account.entryId}`);
        return { ...account, entryId, owner, key: { nonce, secretId, mintedAt: Number(mintedAt) } };
      },
    };
    const caches: NearAccountStore[] = [];
    await fill(caches, store, count);
    const withIt = await used();
    caches.pop();
    const taken = withIt - (await used());
    expect(taken).toBeLessThanOrEqual(MAX_BYTES);
    expect(taken).toBeGreaterThan(MAX_BYTES / 4);
  });

  test('holds those that were read last', async () => {
    const store = createMemoryAccountStore(Date.now);
    for (const id of [1, 2]) await store.create(sampleAccount(id));
    const cache = createNearCache(store, createNews(), { ttlMs: 3_600_000, maxBytes: 3_000 });
    const kept = [await readNear(cache, 1), await readNear(cache, 2)];
    expect(await readNear(cache, 2)).toBe(kept[1]);
    await store.revoke(1);
    expect((await readNear(cache, 1))?.key).toBeUndefined();
  });
});
