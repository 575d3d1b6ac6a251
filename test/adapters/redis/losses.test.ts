import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { openRedis, type RedisClient } from '../../../src/adapters/redis/client.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { until } from '../../support/until.ts';
import { keysOver, person } from './keys-over.ts';

describe('what Redis may lose', () => {
  let server: RedisServer;
  let plain: Redis;
  let clients: RedisClient[];
  let replicas: ReturnType<typeof keysOver>[];

  beforeAll(async () => {
    server = await startRedis();
    plain = new Redis(server.url);
    const options = {
      url: server.url,
      keyPrefix: 'latchkey:',
      connectTimeoutMs: 1000,
      commandTimeoutMs: 1000,
    };
    clients = [1, 2].map(() => openRedis(options, recordingLog()));
    await until('both are connected', () => clients.every(({ status }) => status === 'ready'));
    replicas = clients.map((client) => keysOver(createRedisAccountStore(client)));
  });
  beforeEach(async () => {
    await plain.flushall();
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    plain.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  const [first, second] = [() => one(0), () => one(1)];
  const one = (at: number) => {
    const held = replicas[at];
    if (!held) throw new Error('no such replica');
    return held;
  };

  test('sign-ins of one new person at the same moment mint one account and one key', async () => {
    const issued = await Promise.all(
      Array.from({ length: 40 }, (_, at) => (at % 2 ? first() : second()).issue(person('alice'))),
    );
    expect(new Set(issued.map(({ apiKey }) => apiKey)).size).toBe(1);
    expect(await plain.keys('latchkey:account:*')).toHaveLength(1);
  });

  test('a counter that has fallen back gives nobody the record or the key of another', async () => {
    const alice = await first().issue(person('alice'));
    await plain.set('latchkey:last-account-id', alice.account.id - 1);
    const bob = await second().issue(person('bob'));
    expect(bob.account.id).not.toBe(alice.account.id);
    expect(await first().verify(alice.apiKey, undefined)).toMatchObject({
      account: { id: alice.account.id, owner: alice.account.owner },
    });
    expect(await first().verify(bob.apiKey, undefined)).toMatchObject({
      account: { id: bob.account.id, owner: bob.account.owner },
    });
  });

  test('a lost counter gives nobody the record of another', async () => {
    const alice = await first().issue(person('alice'));
    await plain.set('latchkey:last-account-id', alice.account.id + 5);
    const ahead = await first().issue(person('ahead'));
    await plain.del('latchkey:last-account-id');
    const bob = await second().issue(person('bob'));
    expect(new Set([alice, ahead, bob].map(({ account }) => account.id)).size).toBe(3);
    expect(await first().verify(alice.apiKey, undefined)).toMatchObject({
      account: { id: alice.account.id, owner: alice.account.owner },
    });
  });

  test('an emptied Redis kills the keys and revives none for whoever gets the same id', async () => {
    const alice = await first().issue(person('alice'));
    await plain.flushall();
    expect(await first().verify(alice.apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    await plain.set('latchkey:last-account-id', alice.account.id - 1);
    const bob = await second().issue(person('bob'));
    expect(bob.account.id).toBeGreaterThanOrEqual(alice.account.id);
    expect(bob.apiKey).not.toBe(alice.apiKey);
    expect(await first().verify(alice.apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    const again = await first().issue(person('alice'));
    expect(again.account.id).not.toBe(bob.account.id);
  });

  test('a lost pointer gives the person a new account, and nobody the old one', async () => {
    const alice = await first().issue(person('alice'));
    await plain.del('latchkey:entry:default:entry-alice');
    const again = await second().issue(person('alice'));
    expect(again.account.id).not.toBe(alice.account.id);
    expect(again.apiKey).not.toBe(alice.apiKey);
    const bob = await first().issue(person('bob'));
    expect([alice.account.id, again.account.id]).not.toContain(bob.account.id);
  });

  test("a pointer that leads to another's record is replaced, and the record left alone", async () => {
    const bob = await first().issue(person('bob'));
    await plain.set('latchkey:entry:default:entry-alice', bob.account.id);
    const [alice, same] = await Promise.all([
      first().issue(person('alice')),
      second().issue(person('alice')),
    ]);
    expect(alice.apiKey).toBe(same.apiKey);
    expect(alice.account.id).not.toBe(bob.account.id);
    expect(alice.account.owner.username).toBe('alice');
    expect(await first().verify(bob.apiKey, undefined)).toMatchObject({
      account: { id: bob.account.id, owner: bob.account.owner },
    });
  });

  test('a lost record is made anew with a new key', async () => {
    const alice = await first().issue(person('alice'));
    await plain.del(`latchkey:account:${alice.account.id}`);
    expect(await first().verify(alice.apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    const again = await second().issue(person('alice'));
    expect(again.apiKey).not.toBe(alice.apiKey);
    expect(await first().verify(again.apiKey, undefined)).toMatchObject({
      account: { id: again.account.id, owner: again.account.owner },
    });
  });

  test('a damaged record is an error that names the field and shows no value', async () => {
    const alice = await first().issue(person('alice'));
    const damages = { entry: 'entry-alice', owner1: '["do-not-show-me"]', key: 'do-not-show-me' };
    const record = `latchkey:account:${alice.account.id}`;
    for (const [field, damage] of Object.entries(damages)) {
      const sound = await plain.hget(record, field);
      await plain.hset(record, field, damage);
      await expect(first().verify(alice.apiKey, undefined)).rejects.toThrow(
        `the record of account ${alice.account.id} is malformed: field "${field === 'owner1' ? 'owner' : field}"`,
      );
      await plain.hset(record, field, sound ?? '');
    }
    expect(await first().verify(alice.apiKey, undefined)).toMatchObject({
      account: { id: alice.account.id, owner: alice.account.owner },
    });
    const bob = await first().issue(person('bob'));
    expect(await first().verify(bob.apiKey, undefined)).toMatchObject({
      account: { id: bob.account.id, owner: bob.account.owner },
    });
  });
});
