import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { openRedis } from '../../../src/adapters/redis/client.ts';
import { createNearCache } from '../../../src/adapters/redis/near-cache.ts';
import { openAccountNews } from '../../../src/adapters/redis/open-account-news.ts';
import { openNearAccounts } from '../../../src/adapters/redis/open-near-accounts.ts';
import type { Account, AccountStore, NearAccountStore } from '../../../src/ports/account-store.ts';
import { boundWith, watchDelays } from '../../support/delays.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { PATIENCE_MS, until } from '../../support/until.ts';
import { sampleAccount } from '../account-store-contract.ts';
import { readNear } from './read-near.ts';

const CHANGES = 50;
/** What is promised of a Redis that answers at once, in milliseconds. */
const BOUND_MS = 100;

/** One process of the service, as far as accounts go. `newsPort`: where its news come from. */
function openReplica(port: number, newsPort: number, ttlMs: number, over: Partial<AccountStore> = {}) {
  const at = (where: number) => ({ keyPrefix: 'test:', url: `redis://127.0.0.1:${where}` });
  const log = recordingLog();
  // Redis is well: what it is asked may take as long as a busy machine needs. The loss of news is noticed soon.
  const redis = openRedis({ ...at(port), connectTimeoutMs: 10_000, commandTimeoutMs: 10_000 }, log);
  const news = openAccountNews(
    { ...at(newsPort), connectTimeoutMs: 1000, commandTimeoutMs: 1000 },
    redis,
    log,
  );
  const store = { ...createRedisAccountStore(redis), ...over };
  const told: (number | undefined)[] = [];
  news.listen((id) => told.push(id));
  return {
    ...createNearCache(store, news, { ttlMs, maxBytes: 1_000_000 }),
    store,
    news,
    /** What was heard, in order. */
    told,
    end: async () => {
      await news[Symbol.asyncDispose]();
      redis.disconnect();
    },
  };
}

/**
 * How long after the change's answer somebody last looked near and was given what was before, in milliseconds. Throws
 * where that is longer than `PATIENCE_MS`.
 */
async function lagOf(store: NearAccountStore, id: number, isSeen: (account: Account | undefined) => boolean) {
  const start = performance.now();
  let lag = 0;
  for (;;) {
    const asked = performance.now();
    if (isSeen(await readNear(store, id))) return lag;
    lag = asked - start;
    if (lag > PATIENCE_MS) throw new Error(`the change is not seen after ${lag} ms`);
    await nextTurn();
  }
}

const KINDS: readonly {
  readonly what: string;
  readonly change: (accounts: AccountStore, id: number) => Promise<unknown>;
  readonly isSeen: (account: Account | undefined) => boolean;
}[] = [
  {
    what: 'a regeneration',
    change: (accounts, id) =>
      accounts.mint(id, sampleAccount(id).key?.nonce, {
        nonce: 'f'.repeat(32),
        secretId: 'cafebabe',
        mintedAt: 1,
      }),
    isSeen: (account) => account?.key?.nonce === 'f'.repeat(32),
  },
  {
    what: 'a revocation',
    change: (accounts, id) => accounts.revoke(id),
    isSeen: (account) => account !== undefined && account.key === undefined,
  },
  {
    what: 'a suspension',
    change: (accounts, id) =>
      accounts.suspend(id, {
        server: 'ldap://one',
        elapsedMs: 0,
        reason: 'account-disabled',
        forgetAfterMs: undefined,
      }),
    isSeen: (account) => account?.suspension !== undefined,
  },
  {
    what: 'a removal',
    change: (accounts, id) => accounts.remove(id),
    isSeen: (account) => account === undefined,
  },
];

describe('what one replica changes', () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let one: ReturnType<typeof openReplica>;
  let other: ReturnType<typeof openReplica>;

  const open = async (ttlMs: number, over: Partial<AccountStore> = {}) => {
    one = openReplica(server.port, server.port, ttlMs);
    other = openReplica(server.port, proxy.port, ttlMs, over);
    await until('both hear of changes', () => one.news.isHeard() && other.news.isHeard());
  };
  /** An account that `one` has made and `other` keeps. */
  const share = async (id: number) => {
    await one.create(sampleAccount(id));
    // News that were lost meanwhile are told as one of all accounts.
    await until('it is kept', async () => {
      const account = await readNear(other, id);
      return account !== undefined && account === (await readNear(other, id));
    });
  };

  beforeEach(async () => {
    server = await startRedis();
    proxy = await startTcpProxy({ port: server.port });
  });
  afterEach(async () => {
    await one.end();
    await other.end();
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test.each(KINDS)('is seen by another as soon as Redis answers: $what', async ({ what, change, isSeen }) => {
    await open(600_000);
    await using delays = await watchDelays({ redis: [server.port] });
    const lags: number[] = [];
    for (let id = 1; id <= CHANGES; id++) {
      await share(id);
      await change(one, id);
      lags.push(await lagOf(other, id, isSeen));
    }
    const sorted = lags.toSorted((a, b) => a - b);
    const [median = Number.NaN, worst = Number.NaN] = [sorted[CHANGES / 2], sorted.at(-1)];
    const seen = `until ${what} was seen by another (${median.toFixed(1)} ms in the median)`;
    expect(worst).toBeLessThan(boundWith(seen, worst, BOUND_MS, await delays.worst()));
  });

  test.each([
    { ttlMs: 300, end: 'its time to live' },
    { ttlMs: 5000, end: 'that the loss is noticed' },
  ])(
    'is seen by another that hears nothing any more after $ttlMs ms at the latest, by $end',
    async ({ ttlMs, end }) => {
      await open(ttlMs);
      await share(7);
      await using delays = await watchDelays({ redis: [server.port] });
      await proxy.set({ mode: 'blackhole' });
      await one.revoke(7);
      expect((await readNear(other, 7))?.key).toBeDefined();
      const lag = await lagOf(other, 7, (account) => account?.key === undefined);
      const seen = `until a revocation was seen by another, cut off, by ${end}`;
      expect(lag).toBeLessThanOrEqual(boundWith(seen, lag, ttlMs, await delays.worst()));
    },
  );

  test('is not kept as it was by a read of another that it overtook', async () => {
    const held = Promise.withResolvers<void>();
    await open(60_000, {
      read: async (id) => {
        const account = await one.store.read(id);
        await held.promise;
        return account;
      },
    });
    await one.create(sampleAccount(7));
    await until('the creation is heard of', () => other.told.length === 1);
    const reading = readNear(other, 7);
    await one.store.ping();
    await one.revoke(7);
    await until('the revocation is heard of', () => other.told.length === 2);
    held.resolve();
    expect((await reading)?.key).toBeDefined();
    expect((await readNear(other, 7))?.key).toBeUndefined();
  });

  test('is published by nobody where Redis tells of it itself', async () => {
    await open(60_000);
    const listener = new Redis(server.url);
    const published: string[] = [];
    listener.on('message', (_channel, message) => published.push(message));
    await listener.subscribe('test:account-changed');
    await share(7);
    const plain = new Redis(server.url);
    await plain.publish('test:account-changed', 'the last');
    await until('what was published has arrived', () => published.includes('the last'));
    listener.disconnect();
    plain.disconnect();
    expect(published).toEqual(['the last']);
  });
});

describe('a near cache before accounts in Redis', () => {
  test('is there, with a connection of its own, unless nothing may be kept', async () => {
    await using server = await startRedis();
    await using proxy = await startTcpProxy({ port: server.port });
    const options = { keyPrefix: 'test:', connectTimeoutMs: 1000, commandTimeoutMs: 1000 };
    await using stack = new AsyncDisposableStack();
    const redis = stack.adopt(openRedis({ ...options, url: server.url }, recordingLog()), (one) =>
      one.disconnect(),
    );
    const accounts = createRedisAccountStore(redis);
    const parts = { redis, accounts, log: recordingLog() };
    const near = (ttlMs: number) =>
      openNearAccounts(
        parts,
        { ...options, url: `redis://127.0.0.1:${proxy.port}` },
        { ttlMs, maxBytes: 100_000 },
      );
    await using without = near(0);
    expect(without.read).toBe(accounts.read);
    expect(proxy.counts.connections).toBe(0);
    await using cache = near(60_000);
    await until('an account is made', () => cache.create(sampleAccount(1)).then(() => true));
    await until('it is kept', async () => {
      const account = await readNear(cache, 1);
      return account === (await readNear(cache, 1));
    });
    expect(proxy.counts.connections).toBe(1);
  });
});
