import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisSentinel, startRedisSentinel } from '../support/redis-sentinel.ts';
import { until } from '../support/until.ts';
import { consult, openLdapAt } from './consult.ts';

describe('the steps of Redis', () => {
  let ldap: OpenLdap;
  let sentinel: RedisSentinel;
  let cluster: RedisCluster;
  beforeAll(async () => {
    [ldap, sentinel, cluster] = await Promise.all([
      startOpenLdap(),
      startRedisSentinel({ lines: ['appendonly yes'] }),
      startRedisCluster({ lines: ['appendonly yes'] }),
    ]);
  });
  beforeEach(() => Promise.all([sentinel.heal(), cluster.heal()]));
  afterAll(async () => {
    await Promise.all([sentinel, cluster, ldap].map((part) => part?.[Symbol.asyncDispose]()));
  });
  const addressesOf = (places: readonly { host: string; port: number }[]) =>
    places.map(({ host, port }) => `${host}:${port}`).join(',');
  const { REDIS_URL: _, ...env } = openLdapAt('');
  const consultSentinel = () =>
    consult({
      ...env,
      LDAP_URL: ldap.url,
      REDIS_SENTINELS: addressesOf(sentinel.sentinels),
      REDIS_SENTINEL_MASTER: sentinel.masterName,
    });
  const consultCluster = () =>
    consult({ ...env, LDAP_URL: ldap.url, REDIS_CLUSTER_NODES: addressesOf(cluster.addresses) });

  test('are good behind Sentinels where replicas follow, with a hint what would be better', async () => {
    const found = await consultSentinel();
    expect(found.step('redis')).toMatchObject({
      status: 'ok',
      seen: expect.stringMatching(
        /^latchkey-test behind the Sentinels 127\.0\.0\.1:\d+, .* answers; (Redis|Valkey) \d/,
      ),
    });
    for (const name of ['redis keeps', 'redis memory', 'redis writes']) {
      expect(found.step(name).status).toBe('ok');
    }
    expect(found.step('redis replicas')).toMatchObject({
      status: 'ok',
      seen: expect.stringMatching(
        /^2 replicas; min-replicas-to-write is not set \(min-replicas-to-write 1: /,
      ),
    });
    const master = await sentinel.master();
    await master.ask('CONFIG', 'SET', 'min-replicas-to-write', '1');
    expect((await consultSentinel()).step('redis replicas').seen).toBe('2 replicas');
    await master.ask('CONFIG', 'SET', 'min-replicas-to-write', '0');
  });

  test('warn of one replica that lags, and fail where too few are left to acknowledge', async () => {
    const [lagging, other] = await sentinel.replicas();
    await lagging?.pause();
    const late = await until('it is said to lag', async () => {
      const step = (await consultSentinel()).step('redis replicas');
      return step.status !== 'ok' && step;
    });
    expect(late).toMatchObject({
      status: 'warning',
      seen: expect.stringContaining(`a replica lags (127.0.0.1:${lagging?.port})`),
    });
    await other?.kill();
    const few = await consultSentinel();
    expect(few.step('redis replicas')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('good replicas: 0, needed to acknowledge a change: 1'),
      fix: expect.stringContaining('redis.acknowledge.replicas'),
    });
    expect(few.code).toBe(1);
  });

  test('look at every master of a Cluster, and name the one that is set dangerously', async () => {
    const good = await consultCluster();
    expect(good.step('redis keeps')).toMatchObject({
      status: 'ok',
      seen: expect.stringMatching(/^3 masters: maxmemory-policy noeviction/),
    });
    const [first, second] = await cluster.masters();
    await second?.ask('CONFIG', 'SET', 'appendonly', 'no');
    await second?.ask('CONFIG', 'SET', 'maxmemory-policy', 'volatile-ttl');
    const [replica] = first ? await cluster.replicasOf(first) : [];
    await replica?.kill();
    const found = await consultCluster();
    expect(found.step('redis keeps')).toMatchObject({
      status: 'warning',
      seen: expect.stringContaining(`127.0.0.1:${second?.port}: maxmemory-policy volatile-ttl`),
      fix: expect.stringMatching(
        new RegExp(`maxmemory-policy noeviction, .*\\(127\\.0\\.0\\.1:${second?.port}\\); appendonly yes`),
      ),
    });
    expect(found.step('redis replicas')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining(`127.0.0.1:${first?.port}: 0 replicas`),
      fix: expect.stringContaining(`(127.0.0.1:${first?.port})`),
    });
    expect(found.step('redis writes').status).toBe('ok');
  });
});
