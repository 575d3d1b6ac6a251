import { describe, expect, test } from '@jest/globals';
import { startRedisCluster } from './redis-cluster.ts';
import { startRedisSentinel } from './redis-sentinel.ts';
import { until } from './until.ts';

describe('a started Sentinel topology', () => {
  test('chooses another master when one is killed, and is whole again when it is back', async () => {
    await using redis = await startRedisSentinel();
    const first = await redis.master();
    expect(first).toBe(redis.nodes[0]);
    await first.kill();
    const second = await until('another is the master', async () => {
      const now = await redis.master();
      return now !== first && now;
    });
    await until('it takes writes', async () => (await second.ask('SET', 'a', '1')) === 'OK');
    await redis.heal();
    expect(await redis.master()).toBe(second);
    expect(await redis.replicas()).toContain(first);
  });
});

describe('a started Cluster', () => {
  test('promotes the replica of a master that is killed, and is whole again when it is back', async () => {
    await using redis = await startRedisCluster();
    expect(await redis.masters()).toHaveLength(3);
    const first = await redis.masterOf('a');
    const [replica] = await redis.replicasOf(first);
    await first.kill();
    await until('the replica is the master', async () => (await redis.masterOf('a')) === replica);
    await until('it takes writes', async () => (await replica?.ask('SET', 'a', '1')) === 'OK');
    await redis.heal();
    expect(await redis.replicasOf(replica ?? first)).toEqual([first]);
  });
});
