import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accountKey } from '../../../src/adapters/redis/account-key.ts';
import { Unacknowledged } from '../../../src/errors.ts';
import type { RedisNode } from '../../support/redis-node.ts';
import { until } from '../../support/until.ts';
import { LONG, openReplica, pauseReplicas, REPLICATED, type Replicated, waiting } from './acknowledging.ts';
import { person } from './keys-over.ts';

describe.each(REPLICATED)('%s, a failover', (_form, start) => {
  let redis: Replicated;
  let replica: Awaited<ReturnType<typeof openReplica>>;

  beforeAll(async () => {
    redis = await start();
    replica = await openReplica(redis, LONG);
  });
  beforeEach(() => redis.heal());
  afterAll(async () => {
    await replica?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  /** What somebody's account is kept under; throws where nothing leads to it. */
  const idOf = async (name: string) => {
    const id = await replica.store.findId('default', person(name).entryId);
    if (id === undefined) throw new Error('nothing leads to an account');
    return id;
  };
  /** Resolves once another server keeps an account, and answers. */
  const takenOver = (id: number, from: RedisNode) =>
    until(
      'another has taken over',
      async () =>
        (await redis.masterOf(accountKey(id))).port !== from.port &&
        (await replica.store.read(id).then(() => true)),
    );

  test('takes away no key that was given out', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `kept-${at}`);
    const [first, ...others] = await Promise.all(names.map((name) => replica.issue(person(name))));
    if (!first) throw new Error('no key');
    const before = await redis.masterOf(accountKey(first.account.id));
    await before.kill();
    await takenOver(first.account.id, before);
    for (const { apiKey, account } of [first, ...others]) {
      // Where a part of a Cluster is now is learnt part by part; until then nobody says anything about a key.
      const verdict = await until('it is answered', () => replica.verify(apiKey, undefined));
      expect(verdict).toMatchObject({ account: { id: account.id } });
    }
    // On a Cluster it is the only replica now.
    await before.bringUp();
    expect((await replica.issue(person('kept-0'))).apiKey).toBe(first.apiKey);
    await replica.issue(person('newcomer'));
  });

  test('gives a key that it loses to nobody', async () => {
    const paused = await pauseReplicas(redis);
    // What is in their sockets already would reach them.
    for (const master of await redis.masters()) await master.ask('CLIENT', 'KILL', 'TYPE', 'replica');
    const issuing = replica.issue(person('lost')).catch((failure: unknown) => failure);
    await waiting(redis);
    const id = await idOf('lost');
    const lost = await replica.store.read(id);
    expect(lost?.isUnacknowledged).toBe(true);
    const before = await redis.masterOf(accountKey(id));
    await before.kill();
    for (const node of paused) await node.bringUp();
    expect(await issuing).toBeInstanceOf(Unacknowledged);
    await takenOver(id, before);
    expect(await replica.store.read(id)).toBeUndefined();
    await before.bringUp();
    const { apiKey, account } = await replica.issue(person('lost'));
    expect(account.key?.nonce).not.toBe(lost?.key?.nonce);
    expect(await replica.verify(apiKey, undefined)).toMatchObject({ account: { id: account.id } });
  });
});
