import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { describeOnEachRedis } from '../support/describe-on-each-redis.ts';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import type { RedisProgram } from '../support/redis-program.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { consult, openLdapAt, skippedOf } from './consult.ts';

const MIB = 1024 * 1024;

/** What each is called. */
const NAMES: Readonly<Record<RedisProgram, string>> = {
  redis: '(Redis|Valkey) \\d+\\.\\d+',
  'redis-8.2': 'Redis 8\\.2',
  'valkey-9.1': 'Valkey 9\\.1',
};

describe('the steps of Redis', () => {
  let ldap: OpenLdap;
  let redis: RedisServer;
  let operator: Redis;
  beforeAll(async () => {
    [ldap, redis] = await Promise.all([startOpenLdap(), startRedis({ appendOnly: true })]);
    operator = new Redis(redis.url);
  });
  afterAll(async () => {
    operator?.disconnect();
    await redis?.[Symbol.asyncDispose]();
    await ldap?.[Symbol.asyncDispose]();
  });
  const withRedis = (url: string) => consult({ ...openLdapAt(ldap.url), REDIS_URL: url });
  /** With this set in Redis, and the former value back afterwards. */
  async function consultWith(setting: Readonly<Record<string, string>>, url = redis.url) {
    const entries = Object.entries(setting);
    const before = await Promise.all(
      entries.map(async ([name]) => ((await operator.config('GET', name)) as string[])[1] ?? ''),
    );
    for (const [name, value] of entries) await operator.config('SET', name, value);
    try {
      return await withRedis(url);
    } finally {
      for (const [at, [name]] of entries.entries()) await operator.config('SET', name, before[at] ?? '');
    }
  }

  test('say where it is, which version, that it keeps and that it can be written', async () => {
    const found = await withRedis(redis.url);
    expect(found.step('redis')).toMatchObject({
      status: 'ok',
      seen: expect.stringMatching(
        new RegExp(`^redis://127\\.0\\.0\\.1:${redis.port} answers; (Redis|Valkey) \\d+\\.`),
      ),
    });
    expect(found.step('redis keeps')).toMatchObject({
      status: 'ok',
      seen: expect.stringContaining('maxmemory-policy noeviction (maxmemory is not set), appendonly yes'),
    });
    expect(found.step('redis writes').status).toBe('ok');
    expect(found.code).toBe(0);
    expect(await operator.keys('*')).toEqual([]);
  });

  describeOnEachRedis((program) => {
    test('is named with its version', async () => {
      await using server = await startRedis({ program });
      const found = await withRedis(server.url);
      expect(found.step('redis')).toMatchObject({
        status: 'ok',
        seen: expect.stringMatching(new RegExp(` answers; ${NAMES[program]}\\.\\d+$`)),
      });
    });
  });

  test('fail where nothing listens', async () => {
    const found = await withRedis('redis://127.0.0.1:1');
    expect(found.step('redis')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('ECONNREFUSED'),
      fix: expect.stringContaining('redis.url (REDIS_URL): host and port'),
    });
    expect(skippedOf(found)).toEqual(expect.arrayContaining(['redis keeps', 'redis writes']));
    expect(found.code).toBe(1);
  });

  test('fail where the password is wrong or missing, and show none', async () => {
    const address = `127.0.0.1:${redis.port}`;
    const fix = expect.stringContaining('redis://user:password@host:6379');
    const missing = await consultWith({ requirepass: 'the-real-one' });
    expect(missing.step('redis')).toMatchObject({ status: 'failed', fix });
    const wrong = await consultWith({ requirepass: 'the-real-one' }, `redis://:not%2Fthe-one@${address}`);
    expect(wrong.step('redis')).toMatchObject({ status: 'failed', fix });
    expect(JSON.stringify(wrong.steps)).not.toMatch(/not(%2F|\/)the-one/);
  });

  test('fail where accounts may be thrown away when memory runs out', async () => {
    const found = await consultWith({ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' });
    expect(found.step('redis keeps')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('maxmemory-policy noeviction'),
    });
    expect(found.code).toBe(1);
  });

  test('warn where something else may be, and where a crash or a restart loses keys', async () => {
    const counters = await consultWith({ 'maxmemory-policy': 'volatile-lru' });
    expect(counters.step('redis keeps')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('noeviction'),
    });
    const snapshots = await consultWith({ appendonly: 'no' });
    expect(snapshots.step('redis keeps').fix).toContain('a crash of Redis loses');
    const nothing = await consultWith({ appendonly: 'no', save: '' });
    expect(nothing.step('redis keeps').fix).toContain('a restart of Redis loses every key');
    expect(nothing.code).toBe(0);
  });

  test('warn where a power failure loses keys that were acknowledged', async () => {
    const found = await consultWith({ appendfsync: 'no' });
    expect(found.step('redis keeps')).toMatchObject({
      status: 'warning',
      seen: expect.stringContaining('appendonly yes (appendfsync no)'),
      fix: expect.stringContaining('appendfsync everysec'),
    });
  });

  test('warn while nearly all of its memory is in use, and say how much there is', async () => {
    await operator.setrange('ballast', 16 * MIB, 'x');
    const used = Number(/used_memory:(\d+)/.exec(await operator.info('memory'))?.[1]);
    try {
      const narrow = await consultWith({ maxmemory: String(Math.round(used / 0.95)) });
      expect(narrow.step('redis memory')).toMatchObject({
        status: 'warning',
        seen: expect.stringMatching(/^[\d.]+ MiB in use of [\d.]+ MiB$/),
        fix: expect.stringMatching(/^Redis: more maxmemory than \d+ MiB; /),
      });
      expect(narrow.code).toBe(0);
      const wide = await consultWith({ maxmemory: String(Math.round(used / 0.8)) });
      expect(wide.step('redis memory').status).toBe('ok');
    } finally {
      await operator.del('ballast');
    }
  });

  test('invent nothing where Redis does not tell', async () => {
    const rights = ['~latchkey:*', '&latchkey:*', '+@all', '-@dangerous'];
    await operator.call('ACL', 'SETUSER', 'discreet', 'on', '>discreet-secret', ...rights);
    const url = `redis://discreet:discreet-secret@127.0.0.1:${redis.port}`;
    const untold = await consultWith({ 'maxmemory-policy': 'allkeys-lru', maxmemory: '100mb' }, url);
    expect(untold.step('redis').status).toBe('ok');
    expect(untold.step('redis keeps')).toMatchObject({
      status: 'warning',
      seen: expect.stringMatching(/^not told: NOPERM/),
      fix: expect.stringContaining('+info'),
    });
    expect(skippedOf(untold)).toEqual(expect.arrayContaining(['redis memory', 'redis replicas']));
    expect(untold.code).toBe(0);
    await operator.call('ACL', 'SETUSER', 'discreet', '+info');
    const withoutConfig = await consultWith({ appendfsync: 'no' }, url);
    expect(withoutConfig.step('redis keeps')).toMatchObject({
      status: 'ok',
      seen: expect.stringContaining('appendonly yes, snapshots not told'),
    });
  });

  test('fail where it takes no writes', async () => {
    const found = await consultWith({ maxmemory: '1' });
    expect(found.step('redis writes')).toMatchObject({
      status: 'failed',
      fix: 'Redis: more maxmemory; it is full',
    });
    await operator.call('REPLICAOF', '127.0.0.1', '1');
    try {
      expect((await withRedis(redis.url)).step('redis writes').fix).toContain('this is a replica');
    } finally {
      await operator.call('REPLICAOF', 'NO', 'ONE');
    }
  });

  test('fail where the user may do nothing under the prefix', async () => {
    await operator.call('ACL', 'SETUSER', 'narrow', 'on', '>narrow-secret', '~other:*', '+@all');
    const found = await withRedis(`redis://narrow:narrow-secret@127.0.0.1:${redis.port}`);
    expect(found.step('redis writes')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('~latchkey:*'),
    });
    expect(JSON.stringify(found.steps)).not.toContain('narrow-secret');
  });

  test('warn of a store that ends with the service', async () => {
    const found = await withRedis('memory:');
    expect(found.step('redis')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('REDIS_URL'),
    });
    expect(found.code).toBe(0);
  });
});
