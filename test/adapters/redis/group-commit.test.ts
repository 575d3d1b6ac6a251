import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openAcknowledgedWrites } from '../../../src/adapters/redis/acknowledged-writes.ts';
import { Unacknowledged, Unavailable } from '../../../src/errors.ts';
import { type RedisNode, startRedisNode } from '../../support/redis-node.ts';
import { until } from '../../support/until.ts';
import { sampleAccount } from '../account-store-contract.ts';
import { LONG, openReplica, SHORT, waiting } from './acknowledging.ts';
import { keysOver, person } from './keys-over.ts';
import { COMMON, openClient } from './redis-forms.ts';

/** So many may wait for the WAIT that is out. */
const BOUND = 1000;

describe('a server with two replicas', () => {
  const parts = new AsyncDisposableStack();
  let master: RedisNode;
  let replicas: RedisNode[];
  const redis = { options: { ...COMMON, url: '' }, masters: async () => [master] };
  let id = 0;

  const start = async (...lines: string[]) =>
    parts.use(await startRedisNode({ lines: ['save ""', ...lines] }));
  const openProcess = async (acknowledge: typeof LONG) => parts.use(await openReplica(redis, acknowledge));
  const waitsSoFar = async () => {
    const stats = String(await master.ask('INFO', 'commandstats'));
    return Number(/cmdstat_wait:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  };
  const pauseAll = () => Promise.all(replicas.map((node) => node.pause()));
  const resumeAll = () => Promise.all(replicas.map((node) => node.bringUp()));

  beforeAll(async () => {
    master = await start('repl-diskless-sync-delay 0');
    const following = `replicaof 127.0.0.1 ${master.port}`;
    replicas = await Promise.all([start(following), start(following)]);
    redis.options = { ...COMMON, url: `redis://127.0.0.1:${master.port}` };
    await until('both follow', async () => {
      const told = String(await master.ask('INFO', 'replication'));
      return told.split('state=online').length === 3;
    });
  });
  beforeEach(() => {
    id++;
  });
  afterEach(resumeAll);
  afterAll(() => parts.disposeAsync());

  test('is sent one WAIT for all that is written while another is out', async () => {
    const { store } = await openProcess(LONG);
    await store.create(sampleAccount(id));
    const before = await waitsSoFar();
    await pauseAll();
    const first = store.suspendByOperator(id);
    await waiting(redis);
    const others = Array.from({ length: 50 }, () => store.suspendByOperator(id));
    await resumeAll();
    expect(await Promise.all([first, ...others])).toEqual(Array(51).fill(true));
    expect((await waitsSoFar()) - before).toBe(2);
  });

  test('costs whoever comes while a WAIT is out no more than another one', async () => {
    const { store } = await openProcess(SHORT);
    await store.create(sampleAccount(id));
    const before = await waitsSoFar();
    await pauseAll();
    const first = store.suspendByOperator(id);
    await waiting(redis);
    const others = Array.from({ length: 50 }, () => store.suspendByOperator(id));
    for (const change of [first, ...others]) await expect(change).rejects.toBeInstanceOf(Unacknowledged);
    expect((await waitsSoFar()) - before).toBe(2);
  });

  test('lets no more wait than there is room for', async () => {
    const { store } = await openProcess(LONG);
    await store.create(sampleAccount(id));
    await pauseAll();
    const first = store.suspendByOperator(id);
    await waiting(redis);
    const within = Array.from({ length: BOUND }, () => store.suspendByOperator(id));
    await expect(store.suspendByOperator(id)).rejects.toMatchObject({
      name: 'Unavailable',
      cause: expect.anything(),
    });
    await resumeAll();
    expect(new Set(await Promise.all([first, ...within]))).toEqual(new Set([true]));
  });

  test('is asked for as many replicas as the settings demand', async () => {
    const [one, two] = [await openProcess(LONG), await openProcess({ ...SHORT, replicas: 2 })];
    await replicas[0]?.pause();
    await one.issue(person('one'));
    await expect(two.issue(person('two'))).rejects.toBeInstanceOf(Unacknowledged);
    await resumeAll();
    const patient = await openProcess({ ...LONG, replicas: 2 });
    expect(await patient.issue(person('two'))).toEqual(await one.issue(person('two')));
  });

  test('may wait for replicas for longer than any other command may take', async () => {
    const impatient = { options: { ...redis.options, commandTimeoutMs: 1000 } };
    const { store } = parts.use(await openReplica(impatient, { replicas: 1, withinMs: 3000 }));
    await store.create(sampleAccount(id));
    await pauseAll();
    // That Redis answered the WAIT: there is no other cause.
    const unacknowledged = { name: 'Unacknowledged', cause: undefined };
    await expect(store.suspendByOperator(id)).rejects.toMatchObject(unacknowledged);
  });

  test('that hangs is unavailable: nobody knows whether anything was written', async () => {
    const { store } = await openProcess(SHORT);
    const { account } = await openProcess(LONG).then(({ issue }) => issue(person('hung')));
    await master.pause();
    try {
      const change = store.suspendByOperator(account.id);
      await expect(change).rejects.toBeInstanceOf(Unavailable);
      await expect(change).rejects.not.toBeInstanceOf(Unacknowledged);
    } finally {
      await master.resume();
    }
    await until('it is written to again', () => store.suspendByOperator(account.id));
    expect((await store.read(account.id))?.isUnacknowledged).toBeUndefined();
  });

  test('is asked for nothing more, by no other connection, where no replicas are demanded', async () => {
    const options = { ...redis.options, acknowledge: { replicas: 0, withinMs: 1000 } };
    const { client } = await openClient(options);
    parts.defer(() => client.disconnect());
    expect(openAcknowledgedWrites(options, client)).toBeUndefined();
    const { store } = await openReplica({ options }, options.acknowledge).then((one) => parts.use(one));
    const before = await waitsSoFar();
    const { account } = await keysOver(store).issue(person('nobody'));
    await store.revoke(account.id);
    expect(await master.ask('HEXISTS', `test:account:${account.id}`, 'pending')).toBe(0);
    expect((await waitsSoFar()) - before).toBe(0);
  });
});
