import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import type { RedisClient } from '../../../src/adapters/redis/client.ts';
import { Unavailable } from '../../../src/errors.ts';
import type { AccountStore } from '../../../src/ports/account-store.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import type { RedisNode } from '../../support/redis-node.ts';
import { until } from '../../support/until.ts';
import { openClient, placeOf } from './redis-forms.ts';

describe('a Cluster that serves what it still has', () => {
  let redis: RedisCluster;
  let client: RedisClient;
  let accounts: AccountStore;
  let parts: readonly (readonly RedisNode[])[];

  beforeAll(async () => {
    redis = await startRedisCluster({ lines: ['cluster-require-full-coverage no'] });
    ({ client } = await openClient(placeOf.cluster(redis)));
    accounts = createRedisAccountStore(client);
    const masters = await redis.masters();
    parts = await Promise.all(masters.map(async (master) => [master, ...(await redis.replicasOf(master))]));
  });
  afterAll(async () => {
    client?.disconnect();
    await redis?.[Symbol.asyncDispose]();
  });

  const lose = (part: number) => Promise.all((parts[part] ?? []).map((node) => node.kill()));
  const stateSeenBy = async (part: number) =>
    /cluster_state:(\w+)/.exec(String(await parts[part]?.[0]?.ask('CLUSTER', 'INFO')))?.[1];
  const failing = async (part: number) =>
    String(await parts[part]?.[0]?.ask('CLUSTER', 'NODES')).match(/ (master|slave),fail /g)?.length ?? 0;

  test('is there while a part of it is lost', async () => {
    await accounts.ping();
    await lose(0);
    await until('the others know', async () => (await failing(1)) === 2);
    expect(await stateSeenBy(1)).toBe('ok');
    for (let time = 0; time < 20; time++) await accounts.ping();
  });

  test('is away once no majority is left, though a node answers', async () => {
    await lose(1);
    await until('the last one knows', async () => (await stateSeenBy(2)) === 'fail');
    expect(await parts[2]?.[0]?.ask('PING')).toBe('PONG');
    for (let time = 0; time < 20; time++) await expect(accounts.ping()).rejects.toThrow(Unavailable);
  });
});
