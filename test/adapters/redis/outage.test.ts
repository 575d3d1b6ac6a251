import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { createRedisAttemptCounter } from '../../../src/adapters/redis/attempt-counter.ts';
import { openRedis, type RedisClient } from '../../../src/adapters/redis/client.ts';
import { Unavailable } from '../../../src/errors.ts';
import { boundWith, watchDelays } from '../../support/delays.ts';
import { freePort } from '../../support/free-port.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { until } from '../../support/until.ts';

const options = { keyPrefix: 'test:', connectTimeoutMs: 500, commandTimeoutMs: 500 };

describe('Redis that is away', () => {
  let server: RedisServer;
  let client: RedisClient;
  const log = recordingLog();

  beforeAll(async () => {
    server = await startRedis();
    client = openRedis({ ...options, url: server.url }, log);
    await until('Redis is connected', () => client.status === 'ready');
  });
  beforeEach(() => {
    log.lines.length = 0;
  });
  afterAll(async () => {
    client.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  const told = (words: string) => log.lines.filter((line) => line.includes(words));

  const everyCall = () => {
    const accounts = createRedisAccountStore(client);
    const attempts = createRedisAttemptCounter(client);
    return [
      accounts.findId('default', 'e1'),
      accounts.read(1),
      accounts.nextId(),
      accounts.point('default', 'e1', 1),
      accounts.ping(),
      attempts.reserve('a', { attempts: 1, windowMs: 1000 }),
      attempts.release('a'),
      attempts.clear('a'),
      attempts.show('a', { attempts: 1, windowMs: 1000 }),
    ];
  };

  test('is said to be unavailable while it hangs, within the command time-out', async () => {
    await server.pause();
    const outcomes = await Promise.allSettled(everyCall());
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) });
    // From here on nobody waits: a server that hangs is one that is away.
    await until('the client knows', () => client.status !== 'ready');
    await using delays = await watchDelays({});
    const start = performance.now();
    await Promise.allSettled(everyCall());
    const tookMs = performance.now() - start;
    const bound = boundWith(
      'until all calls were given up',
      tookMs,
      options.commandTimeoutMs / 2,
      await delays.worst(),
    );
    expect(tookMs).toBeLessThan(bound);
    await server.resume();
    await until('it answers again', () =>
      createRedisAccountStore(client)
        .ping()
        .then(() => true),
    );
    expect([told('Redis is away').length, told('Redis is back').length]).toEqual([1, 1]);
  });

  test('is not what was slow where this process stood still while it answered', async () => {
    const reply = client.ping();
    await nextTurn(); // it is written
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * options.commandTimeoutMs);
    expect(await reply).toBe('PONG');
  });

  test('is said to be unavailable at once while it is stopped, and is back by itself', async () => {
    await server.stop();
    await until('the client knows', () => client.status !== 'ready');
    const outcomes = await Promise.allSettled(everyCall());
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) });
    await server.start();
    await until('it answers again', () =>
      createRedisAccountStore(client)
        .ping()
        .then(() => true),
    );
    expect([told('Redis is away').length, told('Redis is back').length]).toEqual([1, 1]);
  });

  test('may come after the service has started', async () => {
    const port = await freePort();
    const early = openRedis({ ...options, url: `redis://127.0.0.1:${port}` }, recordingLog());
    await expect(createRedisAccountStore(early).ping()).rejects.toThrow(Unavailable);
    early.disconnect();
  });

  test('has its password in neither the log nor the error', async () => {
    const password = 'do-not-show-me';
    const url = server.url.replace('redis://', `redis://user:${password}@`);
    const refusedLog = recordingLog();
    const refused = openRedis({ ...options, url }, refusedLog);
    await until('the refusal is logged', () => refusedLog.lines.length > 0);
    const failure = await createRedisAccountStore(refused)
      .ping()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unavailable);
    expect(`${String(failure)} ${String((failure as Error).cause)}`).not.toContain(password);
    refused.disconnect();
  });
});
