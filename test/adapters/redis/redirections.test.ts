import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import calculateSlot from 'cluster-key-slot';
import { accountKey } from '../../../src/adapters/redis/account-key.ts';
import type { RedisNode } from '../../support/redis-node.ts';
import { until } from '../../support/until.ts';
import { LONG, openReplica, REPLICATED, type Replicated } from './acknowledging.ts';
import { person } from './keys-over.ts';

describe('an account of a Cluster that moves to another master', () => {
  const parts = new AsyncDisposableStack();
  let redis: Replicated;
  let replica: Awaited<ReturnType<typeof openReplica>>;

  beforeAll(async () => {
    const start = Object.fromEntries(REPLICATED)['on a Cluster'];
    if (!start) throw new Error('no Cluster');
    redis = parts.use(await start());
    replica = parts.use(await openReplica(redis, LONG));
  });
  afterAll(() => parts.disposeAsync());

  const idOfNode = async (node: RedisNode) => String(await node.ask('CLUSTER', 'MYID'));
  const isAt = async (node: RedisNode, key: string) => {
    const keys = (await node.ask('CLUSTER', 'GETKEYSINSLOT', calculateSlot(key), 10)) as string[];
    return keys.includes(key);
  };

  test('is changed where it is, while it moves and once it has moved', async () => {
    const { account } = await replica.issue(person('mover'));
    const key = redis.options.keyPrefix + accountKey(account.id);
    const slot = calculateSlot(key);
    const from = await redis.masterOf(accountKey(account.id));
    const to = (await redis.masters()).find(({ port }) => port !== from.port);
    if (!to) throw new Error('no other master');
    const [fromId, toId] = [await idOfNode(from), await idOfNode(to)];

    await to.ask('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await from.ask('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    await from.ask('MIGRATE', '127.0.0.1', to.port, key, 0, 1000);
    expect([await isAt(from, key), await isAt(to, key)]).toEqual([false, true]);
    // From here on the one answers ASK.
    expect(await replica.store.suspendByOperator(account.id)).toBe(true);
    expect(await replica.store.read(account.id)).toMatchObject({ suspendedByOperatorAt: expect.any(Number) });

    for (const node of [to, from]) await node.ask('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    // And here MOVED, until the client has asked again who keeps what.
    expect(await replica.store.restore(account.id)).toBe(true);
    expect((await replica.store.read(account.id))?.isUnacknowledged).toBeUndefined();
    await until('the client knows', () => replica.store.revoke(account.id).then(() => true));
    await until('all know', async () => (await redis.masterOf(accountKey(account.id))).port === to.port);
    expect((await replica.store.read(account.id))?.key).toBeUndefined();
  });
});
