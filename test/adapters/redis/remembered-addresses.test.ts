import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createRedisAttemptCounter } from '../../../src/adapters/redis/attempt-counter.ts';
import { openRedis, type RedisClient } from '../../../src/adapters/redis/client.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { until } from '../../support/until.ts';

const DAY_MS = 86_400_000;
const BUDGET = { attempts: 3, windowMs: 60_000, familiar: { attempts: 2, rememberMs: 30 * DAY_MS } };
const home = { address: 'home', rememberMs: 30 * DAY_MS };
const KEY = 'test:attempts:a';

describe('addresses remembered in Redis', () => {
  let server: RedisServer;
  let client: RedisClient;
  let plain: Redis;

  beforeAll(async () => {
    server = await startRedis();
    const options = { url: server.url, keyPrefix: 'test:', connectTimeoutMs: 1000, commandTimeoutMs: 1000 };
    client = openRedis(options, recordingLog());
    await until('Redis is connected', () => client.status === 'ready');
    plain = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    plain.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  test('are written once a day, and outlive the window of the attempts', async () => {
    const counter = createRedisAttemptCounter(client);
    await counter.clear('a', home);
    const written = await plain.hgetall(KEY);
    expect(Object.keys(written)).toEqual(['@home']);
    await setTimeout(5);
    await counter.reserve('a', BUDGET, 'home');
    await counter.clear('a', home);
    expect(await plain.hgetall(KEY)).toEqual(written);
    expect(await plain.pttl(KEY)).toBeGreaterThan(29 * DAY_MS);
    await plain.hset(KEY, '@home', Date.now() - 2 * DAY_MS);
    await counter.clear('a', home);
    expect(Number(await plain.hget(KEY, '@home'))).toBeGreaterThan(Date.now() - DAY_MS);
  });

  test('leave nothing behind where nothing is remembered or counted', async () => {
    const counter = createRedisAttemptCounter(client);
    await counter.reserve('b', BUDGET);
    expect(await plain.pttl('test:attempts:b')).toBeLessThanOrEqual(60_000);
    await counter.release('b');
    expect(await plain.exists('test:attempts:b')).toBe(0);
    await counter.reserve('b', BUDGET);
    await counter.clear('b');
    expect(await plain.exists('test:attempts:b')).toBe(0);
  });
});
