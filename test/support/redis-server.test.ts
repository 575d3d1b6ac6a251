import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { describeOnEachRedis } from './describe-on-each-redis.ts';
import type { RedisProgram } from './redis-program.ts';
import { startRedis } from './redis-server.ts';

async function talk<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, {
    retryStrategy: () => null,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => {});
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

describe('a started Redis', () => {
  test('keeps what it has acknowledged over a kill, when it appends', async () => {
    await using server = await startRedis({ appendOnly: true });
    await talk(server.url, (client) => client.set('name', 'alice'));
    await server.kill();
    await expect(talk(server.url, (client) => client.get('name'))).rejects.toThrow();
    await server.start();
    expect(await talk(server.url, (client) => client.get('name'))).toBe('alice');
  });

  test('keeps what it has over stop and start, but not over a kill, when it does not append', async () => {
    await using server = await startRedis();
    await talk(server.url, (client) => client.set('name', 'alice'));
    await server.stop();
    await server.start();
    expect(await talk(server.url, (client) => client.get('name'))).toBe('alice');
    await talk(server.url, (client) => client.set('name', 'bob'));
    await server.kill();
    await server.start();
    expect(await talk(server.url, (client) => client.get('name'))).toBe('alice');
  });

  test('shows every file that it keeps', async () => {
    await using server = await startRedis({ appendOnly: true });
    await talk(server.url, (client) => client.set('name', 'a value to look for'));
    const holding = (await server.files()).filter((file) => file.includes('a value to look for'));
    expect(holding.length).toBeGreaterThanOrEqual(2); // the snapshot and the append-only file
  });

  test('does not answer while it is paused, and goes on afterwards', async () => {
    await using server = await startRedis();
    await server.pause();
    await expect(talk(server.url, (client) => client.ping())).rejects.toThrow(/timed out/);
    await server.resume();
    expect(await talk(server.url, (client) => client.ping())).toBe('PONG');
  });
});

/** What each says of itself. Valkey names a version of Redis as well: the last that it speaks like. */
const VERSIONS: Readonly<Record<RedisProgram, RegExp>> = {
  redis: /^redis_version:\d/m,
  'redis-8.2': /^redis_version:8\.2\.\d/m,
  'valkey-9.1': /^valkey_version:9\.1\.\d/m,
};

describeOnEachRedis((program) => {
  test('is of the version that its name says', async () => {
    await using server = await startRedis({ program });
    const told = await talk(server.url, (client) => client.info('server'));
    expect(told).toMatch(VERSIONS[program]);
    expect(told.includes('valkey_version:')).toBe(program === 'valkey-9.1');
  });
});
