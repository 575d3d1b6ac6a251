import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { openRedis, type RedisClient } from '../../../src/adapters/redis/client.ts';
import type { AccountStore, Owner } from '../../../src/ports/account-store.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { until } from '../../support/until.ts';
import { sampleAccount } from '../account-store-contract.ts';

const ID = 28_510_976;
const names = (count: number, of: string) => Array.from({ length: count }, (_, at) => `${of} ${at}`);

describe('an account in Redis', () => {
  let server: RedisServer;
  let redis: RedisClient;
  let accounts: AccountStore;
  beforeAll(async () => {
    server = await startRedis();
    const options = { keyPrefix: 'latchkey:', connectTimeoutMs: 1000, commandTimeoutMs: 1000 };
    redis = openRedis({ ...options, url: server.url }, recordingLog());
    accounts = createRedisAccountStore(redis);
    await until('Redis answers', () => accounts.ping().then(() => true));
  });
  afterAll(async () => {
    redis.disconnect();
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await redis.flushall();
    await accounts.create({ ...sampleAccount(ID), directoryId: 'corp-emea' });
  });

  const encoding = () => redis.object('ENCODING', `account:${ID}`);
  const kept = async (over: Partial<Owner>) => {
    const owner = { ...sampleAccount(ID).owner, ...over };
    await accounts.updateOwner(ID, owner);
    expect((await accounts.read(ID))?.owner).toEqual(owner);
  };

  test.each<[string, Partial<Owner>]>([
    ['a few groups', { groups: ['developers', 'staff', 'vpn-users'] }],
    ['many groups', { groups: names(40, 'a group with a name') }],
    ['former names', { formerNames: ['was@example.org', 'is-no-more'] }],
    ['names outside ASCII', { fullName: 'Zoë 張偉 \u{1f511}', groups: names(9, '部門') }],
    ['an email that others have too', { emailIsShared: true }],
  ])('with %s is one piece of memory, and comes back as it was', async (_what, over) => {
    await kept(over);
    await accounts.confirm(ID, { server: 'dc1.corp.example.org:636', elapsedMs: 0, restoreAfterMs: 1 });
    expect(await encoding()).toBe('listpack');
  });

  test('leaves nothing behind of what an owner no longer has', async () => {
    await kept({ groups: names(40, 'a group with a name') });
    await kept({ groups: [] });
    expect(
      (await redis.hkeys(`account:${ID}`)).filter((field) => field.startsWith('owner')).length,
    ).toBeLessThan(5);
  });
});
