import { describe, expect, test } from '@jest/globals';
import { startRedisCluster } from './redis-cluster.ts';
import type { RedisNode } from './redis-node.ts';
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
    // Sentinels that were kept waiting for more than a second may have chosen once more.
    const now = await redis.master();
    expect(await now.ask('SET', 'b', '2')).toBe('OK');
    const hasIt = async (node: RedisNode) => (await node.ask('GET', 'b')) === '2';
    await until('all have it', async () => (await Promise.all(redis.nodes.map(hasIt))).every(Boolean));
    const roles = await Promise.all(
      redis.nodes.map(async (node) => ((await node.ask('ROLE')) as string[])[0]),
    );
    expect(roles.filter((role) => role === 'master')).toHaveLength(1);
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
    const now = await redis.masterOf('a');
    expect([first, replica]).toContain(now);
    expect(await redis.replicasOf(now)).toEqual([now === first ? replica : first]);
  });
});
