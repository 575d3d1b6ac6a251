import { describe, expect, test } from '@jest/globals';
import { faultsOf, load } from './environment.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const FILES = {
  '/ca.pem': PEM,
  '/data': 'data-password\n',
  '/sentinel': 'sentinel-password\n',
  '/empty': '',
};
const SENTINELS = { REDIS_URL: undefined, REDIS_SENTINELS: 'a:1,b:2', REDIS_SENTINEL_MASTER: 'main' };
const CLUSTER = { REDIS_URL: undefined, REDIS_CLUSTER_NODES: 'a:1' };

const redisOf = (env: Readonly<Record<string, string | undefined>>) => load(env, FILES).config.redis;
const faults = (env: Readonly<Record<string, string | undefined>>) => faultsOf(env, FILES);

describe('the settings of Redis', () => {
  test('name one server by its URL, and ask no replica to acknowledge', () => {
    expect(redisOf({})).toMatchObject({
      url: 'redis://127.0.0.1:6379',
      sentinels: [],
      clusterNodes: [],
      tls: false,
      acknowledge: { replicas: 0, within: 1000 },
    });
  });

  test('name Sentinels and the master that they know, and ask a replica to acknowledge', () => {
    const redis = redisOf({
      ...SENTINELS,
      REDIS_SENTINELS: 'one.example.org:26379, [::1]:26380',
      REDIS_SENTINEL_USERNAME: 'watcher',
      REDIS_SENTINEL_PASSWORD_FILE: '/sentinel',
      REDIS_USERNAME: 'latchkey',
      REDIS_PASSWORD_FILE: '/data',
      REDIS_TLS: 'true',
      REDIS_CA_FILE: '/ca.pem',
    });
    expect(redis).toMatchObject({
      url: undefined,
      sentinels: [
        { host: 'one.example.org', port: 26379 },
        { host: '::1', port: 26380 },
      ],
      sentinelMaster: 'main',
      sentinelUsername: 'watcher',
      sentinelPassword: 'sentinel-password',
      username: 'latchkey',
      password: 'data-password',
      tls: true,
      caFile: PEM.trim(),
      acknowledge: { replicas: 1, within: 1000 },
    });
  });

  test('name nodes of a Cluster, and ask a replica to acknowledge', () => {
    expect(redisOf({ ...CLUSTER, REDIS_CLUSTER_NODES: 'a:1,10.0.0.2:2' })).toMatchObject({
      clusterNodes: [
        { host: 'a', port: 1 },
        { host: '10.0.0.2', port: 2 },
      ],
      acknowledge: { replicas: 1 },
    });
  });

  test('take how many replicas acknowledge, and how soon, from the file', () => {
    const replicasOf = (written: string, env: Readonly<Record<string, string | undefined>> = {}) =>
      load(
        { ...env, LATCHKEY_CONFIG: 'our.yaml' },
        { 'our.yaml': `redis: { acknowledge: { replicas: ${written}, within: 250ms } }` },
      ).config.redis.acknowledge;
    expect(replicasOf('2')).toEqual({ replicas: 2, within: 250 });
    expect(replicasOf('0', SENTINELS)).toEqual({ replicas: 0, within: 250 });
    expect(replicasOf('null', CLUSTER)).toEqual({ replicas: 1, within: 250 });
  });

  test('read the password of one server apart from its URL', () => {
    expect(redisOf({ REDIS_URL: 'rediss://redis', REDIS_PASSWORD_FILE: '/data' })).toMatchObject({
      url: 'rediss://redis',
      password: 'data-password',
    });
  });
});

describe('a fault of the settings of Redis', () => {
  const ONE_WAY = 'describe Redis in one way';
  test.each([
    ['REDIS_SENTINELS', { ...SENTINELS, REDIS_URL: 'redis://x' }, ONE_WAY],
    ['REDIS_SENTINELS', { ...SENTINELS, ...CLUSTER }, ONE_WAY],
    ['REDIS_CLUSTER_NODES', { ...CLUSTER, REDIS_URL: 'redis://x' }, ONE_WAY],
    ['REDIS_SENTINELS', { ...SENTINELS, REDIS_SENTINELS: 'a' }, 'not host:port'],
    ['REDIS_CLUSTER_NODES', { ...CLUSTER, REDIS_CLUSTER_NODES: 'a:70000' }, 'not host:port'],
    ['REDIS_CLUSTER_NODES', { ...CLUSTER, REDIS_CLUSTER_NODES: 'redis://a:1' }, 'not host:port'],
    [
      'REDIS_SENTINEL_MASTER',
      { ...SENTINELS, REDIS_SENTINEL_MASTER: undefined },
      'missing; set it to the name',
    ],
    ['REDIS_SENTINEL_MASTER', { REDIS_SENTINEL_MASTER: 'main' }, 'set both or none'],
    ['REDIS_SENTINEL_PASSWORD', { ...SENTINELS, REDIS_SENTINEL_USERNAME: 'x' }, 'missing beside'],
    ['REDIS_PASSWORD', { ...CLUSTER, REDIS_USERNAME: 'x' }, 'missing beside'],
    ['REDIS_PASSWORD', { REDIS_URL: 'redis://:p@x', REDIS_PASSWORD: 'q' }, 'write it in one place'],
    ['REDIS_TLS', { REDIS_TLS: 'true' }, 'write rediss://'],
    ['REDIS_TLS', { ...CLUSTER, REDIS_TLS: 'yes' }, 'neither true nor false'],
    ['REDIS_CA_FILE', { REDIS_CA_FILE: '/ca.pem' }, 'says nothing without TLS'],
    ['REDIS_CA_FILE', { ...CLUSTER, REDIS_CA_FILE: '/ca.pem' }, 'says nothing without TLS'],
    ['REDIS_CA_FILE', { ...CLUSTER, REDIS_TLS: 'true', REDIS_CA_FILE: '/empty' }, 'holds no certificate'],
  ])('is told of %s in %j', (name, env, fault) => {
    const told = faults(env);
    expect(told).toEqual([expect.stringContaining(fault)]);
    expect(told[0]).toMatch(new RegExp(`^${name}: `));
  });

  test('is that there is none, whatever else is set', () => {
    expect(faults({ REDIS_URL: undefined, REDIS_PASSWORD: 'x' })).toEqual([
      expect.stringMatching(/^REDIS_URL: missing; .* or set REDIS_SENTINELS or REDIS_CLUSTER_NODES$/),
    ]);
  });

  test('shows no password', () => {
    const secret = 'do-not-show-me';
    const told = faults({ ...SENTINELS, REDIS_URL: `redis://:${secret}@x`, REDIS_PASSWORD: secret });
    expect(told.length).toBeGreaterThan(1);
    expect(told.join('\n')).not.toContain(secret);
  });
});
