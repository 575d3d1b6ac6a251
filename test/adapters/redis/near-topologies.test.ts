import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { openRedis } from '../../../src/adapters/redis/client.ts';
import { createNearCache } from '../../../src/adapters/redis/near-cache.ts';
import { openAccountNews } from '../../../src/adapters/redis/open-account-news.ts';
import type { RedisOptions } from '../../../src/adapters/redis/redis-options.ts';
import type { Account, AccountStore } from '../../../src/ports/account-store.ts';
import { boundWith, watchDelays } from '../../support/delays.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import type { RedisNode } from '../../support/redis-node.ts';
import { type RedisSentinel, startRedisSentinel } from '../../support/redis-sentinel.ts';
import { PATIENCE_MS, until } from '../../support/until.ts';
import { sampleAccount } from '../account-store-contract.ts';
import { readNear } from './read-near.ts';

const COMMON = { keyPrefix: 'test:', tls: false };
/** As patient as a busy machine needs, for nodes that are well. */
const PATIENT = { connectTimeoutMs: 10_000, commandTimeoutMs: 10_000 };
/** Gives up soon what is asked of a node that is lost; what it has given up though all is well is done again. */
const HASTY = { connectTimeoutMs: 1000, commandTimeoutMs: 500 };
/** What is promised of a node that answers at once, in milliseconds. */
const BOUND_MS = 100;
const ANSWER = { server: 'ldap://one', elapsedMs: 0 };

/** One process of the service, as far as accounts go. */
function openReplica(options: RedisOptions) {
  const redis = openRedis(options, recordingLog());
  const news = openAccountNews(options, redis, recordingLog());
  const told: (number | undefined)[] = [];
  news.listen((id) => told.push(id));
  const store = createRedisAccountStore(redis);
  return {
    ...createNearCache(store, news, { ttlMs: 600_000, maxBytes: 1_000_000 }),
    news,
    told,
    end: async () => {
      await news[Symbol.asyncDispose]();
      redis.disconnect();
    },
  };
}

type Replica = ReturnType<typeof openReplica>;

async function bothHear(one: Replica, other: Replica) {
  await until('both hear of changes', () => one.news.isHeard() && other.news.isHeard());
}

/** An account that `one` has made and `other` keeps. */
async function share(one: Replica, other: Replica, id: number) {
  await until('it is made', () => one.create(sampleAccount(id)).then(() => true));
  // News that were lost meanwhile are told as one of all accounts.
  await until('it is kept', async () => {
    const account = await readNear(other, id).catch(() => undefined);
    return account !== undefined && account === (await readNear(other, id).catch(() => undefined));
  });
}

async function revoke(replica: Replica, id: number) {
  await until('it is revoked', () => replica.revoke(id).then(() => true));
}

async function isRevoked(replica: Replica, id: number): Promise<boolean> {
  const account = await readNear(replica, id);
  return account !== undefined && account.key === undefined;
}

/** The nodes of a Cluster that somebody has the news from. */
async function sourcesOf({ nodes }: RedisCluster): Promise<RedisNode[]> {
  const counts = await Promise.all(nodes.map((node) => node.ask('PUBSUB', 'NUMSUB', 'test:account-changed')));
  return nodes.filter((_, at) => Number((counts[at] as unknown[])[1]) > 0);
}

describe('behind Sentinels, news of accounts', () => {
  let redis: RedisSentinel;
  let one: Replica;
  let other: Replica;

  beforeAll(async () => {
    redis = await startRedisSentinel();
  });
  beforeEach(async () => {
    await redis.heal();
    const { sentinels, masterName: master } = redis;
    const options = { ...COMMON, ...HASTY, sentinels, master };
    one = openReplica({ ...options, sentinelUsername: undefined, sentinelPassword: undefined });
    other = openReplica({ ...options, sentinelUsername: undefined, sentinelPassword: undefined });
    await bothHear(one, other);
  });
  afterEach(() => Promise.all([one.end(), other.end()]));
  afterAll(async () => redis?.[Symbol.asyncDispose]());

  test.each<[string, number, (master: RedisNode) => Promise<void>]>([
    ['killed', 1, (master) => master.kill()],
    ['paused', 3, (master) => master.pause()],
  ])('are lost with a master that is %s, and come from the next', async (_how, id, harm) => {
    await share(one, other, id);
    const before = await redis.master();
    await harm(before);
    await until('the loss is told', () => other.told.includes(undefined));
    await until('another is the master', async () => (await redis.master()) !== before);
    await bothHear(one, other);
    await share(one, other, id + 1);
    await revoke(one, id + 1);
    await until('the revocation is seen', () => isRevoked(other, id + 1));
  });
});

describe('on a Cluster, news of accounts', () => {
  let redis: RedisCluster;
  let one: Replica;
  let other: Replica;
  let id = 0;
  const open = async (limits: typeof PATIENT) => {
    const options = { ...COMMON, ...limits, clusterNodes: redis.addresses };
    [one, other] = [openReplica(options), openReplica(options)];
    await bothHear(one, other);
  };

  beforeAll(async () => {
    redis = await startRedisCluster();
  });
  beforeEach(async () => {
    await redis.heal();
    id += 1000;
  });
  afterEach(() => Promise.all([one.end(), other.end()]));
  afterAll(async () => redis?.[Symbol.asyncDispose]());

  const changes: Record<string, (store: AccountStore, account: Account) => Promise<unknown>> = {
    mint: (store, { id, key }) =>
      store.mint(id, key?.nonce, { nonce: 'f'.repeat(32), secretId: 'cafebabe', mintedAt: 1 }),
    revoke: (store, { id }) => store.revoke(id),
    'update of the owner': (store, { id, owner }) => store.updateOwner(id, { ...owner, username: 'jo' }),
    confirmation: (store, { id }) => store.confirm(id, { ...ANSWER, restoreAfterMs: 0 }),
    suspension: (store, { id }) =>
      store.suspend(id, { ...ANSWER, reason: 'not-found', forgetAfterMs: undefined }),
    "operator's suspension": (store, { id }) => store.suspendByOperator(id),
    restoration: (store, { id }) => store.restore(id),
    removal: (store, { id }) => store.remove(id),
  };
  test.each(Object.entries(changes))(
    'tell of a %s on any node as soon as nodes answer',
    async (what, change) => {
      await open(PATIENT);
      await using delays = await watchDelays({ redis: redis.nodes.map(({ port }) => port) });
      let worst = 0;
      for (let at = id; at < id + 9; at++) {
        await share(one, other, at);
        const before = await readNear(other, at);
        await change(one, sampleAccount(at));
        const answeredAt = performance.now();
        const since = () => performance.now() - answeredAt;
        while ((await readNear(other, at)) === before) {
          if (since() > PATIENCE_MS) throw new Error(`the ${what} is not seen after ${since()} ms`);
          await nextTurn();
        }
        worst = Math.max(worst, since());
      }
      const bound = boundWith(`until a ${what} was seen on a Cluster`, worst, BOUND_MS, await delays.worst());
      expect(worst).toBeLessThan(bound);
    },
  );

  test('are lost with the node that they come from, and come from the next', async () => {
    await open(HASTY);
    const [source] = await sourcesOf(redis);
    await source?.kill();
    await until('the loss is told', () => [one, other].some(({ told }) => told.includes(undefined)));
    await bothHear(one, other);
    for (let at = id; at < id + 9; at++) {
      await share(one, other, at);
      await revoke(one, at);
      await until('the revocation is seen', () => isRevoked(other, at));
    }
  });

  test('do not count as heard while one of the masters does not get through', async () => {
    await open(HASTY);
    const silent = await redis.masterOf('test:account:1');
    await silent.pause();
    await until('the loss is told', () => other.told.includes(undefined));
    expect(other.news.isHeard()).toBe(false);
    await silent.resume();
    await bothHear(one, other);
  });
});
