import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { RedisClient } from '../../../src/adapters/redis/client.ts';
import { READ_EVERY_MS, watchCondition } from '../../../src/adapters/redis/watch-condition.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { until } from '../../support/until.ts';
import { COMMON, openClient, REDIS_FORMS, type RedisForm } from './redis-forms.ts';

const ALONE = { replicas: 0 };

const clients: RedisClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

/** A watch by a connection of its own, and a clock that a test turns. */
async function openWatch(options: RedisForm['options'], expected = ALONE) {
  const { client, log } = await openClient(options);
  clients.push(client);
  let now = 0;
  log.lines.length = 0;
  return {
    ...watchCondition({ redis: client, log, elapsed: () => now }, expected),
    log,
    client,
    later: () => {
      now += READ_EVERY_MS;
    },
  };
}

describe('what is dangerous about a single Redis', () => {
  let server: RedisServer;
  let operator: Redis;
  let watch: Awaited<ReturnType<typeof openWatch>>;
  beforeAll(async () => {
    server = await startRedis({ appendOnly: true });
    operator = new Redis(server.url);
  });
  beforeEach(async () => {
    await operator.config('SET', 'maxmemory-policy', 'noeviction');
    watch = await openWatch({ ...COMMON, url: server.url });
  });
  afterAll(async () => {
    operator?.disconnect();
    await server?.[Symbol.asyncDispose]();
  });
  const readings = async () =>
    Number(/cmdstat_info:calls=(\d+)/.exec(await operator.info('commandstats'))?.[1] ?? 0);

  test('is nothing where it keeps what it is told', async () => {
    expect(await watch.warnings()).toEqual([]);
    expect(watch.log.lines).toEqual([]);
  });

  test('is told in words, once in the log, and no more once it is mended', async () => {
    await operator.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const words = [
      'maxmemory-policy is allkeys-lru → maxmemory-policy noeviction, or accounts and their keys go when memory runs out',
    ];
    expect(await watch.warnings()).toEqual(words);
    watch.later();
    expect(await watch.warnings()).toEqual(words);
    expect(watch.log.lines).toEqual([expect.stringContaining('dangerously')]);
    await operator.config('SET', 'maxmemory-policy', 'noeviction');
    watch.later();
    expect(await watch.warnings()).toEqual([]);
    expect(watch.log.lines).toEqual([expect.anything(), expect.stringContaining('no cause for concern')]);
  });

  test('is asked for once in half a minute, however many want to know', async () => {
    const before = await readings();
    await Promise.all(Array.from({ length: 20 }, () => watch.warnings()));
    await watch.warnings();
    // Of these, one is the question before.
    expect((await readings()) - before).toBe(2);
    watch.later();
    await watch.warnings();
    expect((await readings()) - before).toBe(4);
  });

  test('is what was last told while it is away, and nothing is said before it has answered', async () => {
    await operator.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const known = await watch.warnings();
    expect(known).toHaveLength(1);
    const late = await openWatch({ ...COMMON, url: server.url });
    await server.stop();
    await until('both know', () => [watch, late].every(({ client }) => client.status !== 'ready'));
    watch.later();
    expect(await watch.warnings()).toBe(known);
    expect(await late.warnings()).toBeUndefined();
    await server.start();
    await until('it is back', () => late.client.status === 'ready');
    expect(await late.warnings()).toEqual([]);
  });

  test('is not guessed where Redis does not tell, and no secret is in what is said of that', async () => {
    await operator.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await operator.call('ACL', 'SETUSER', 'discreet', 'on', '>discreet-secret', '~*', '+@all', '-info');
    const url = server.url.replace('redis://', 'redis://discreet:discreet-secret@');
    const refused = await openWatch({ ...COMMON, url });
    const told = await refused.warnings();
    expect(told).toEqual([expect.stringMatching(/^not told: Redis refuses INFO \(NOPERM\) → /)]);
    expect(`${told} ${refused.log.lines}`).not.toMatch(/discreet/);
  });
});

describe('what is dangerous about a Redis that does not tell its settings', () => {
  test('is asked for once, and judged by the rest', async () => {
    await using server = await startRedis();
    const operator = new Redis(server.url);
    await operator.call(
      'ACL',
      'SETUSER',
      'usual',
      'on',
      '>usual-secret',
      '~*',
      '+@all',
      '-@dangerous',
      '+info',
    );
    const watch = await openWatch({
      ...COMMON,
      url: server.url.replace('redis://', 'redis://usual:usual-secret@'),
    });
    const refused = async () =>
      Number(/cmdstat_config\|get:.*rejected_calls=(\d+)/.exec(await operator.info('commandstats'))?.[1]);
    const said = [expect.stringMatching(/^appendonly is no → .*since the last snapshot$/)];
    expect(await watch.warnings()).toEqual(said);
    const once = await refused();
    watch.later();
    expect(await watch.warnings()).toEqual(said);
    expect([once, await refused()]).toEqual([2, 2]);
    operator.disconnect();
  });
});

describe('what is dangerous about a Cluster', () => {
  test('is counted over its masters, and names no server', async () => {
    await using cluster = await REDIS_FORMS.cluster();
    const watch = await openWatch(cluster.options, { replicas: 2 });
    expect(await watch.warnings()).toEqual([
      expect.stringMatching(/^3 of 3 masters: appendonly is no → appendonly yes; as it is a restart/),
      expect.stringMatching(/^3 of 3 masters: good replicas: 1, needed to acknowledge a change: 2 → /),
    ]);
  });
});
