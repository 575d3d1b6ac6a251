import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { accountKey, pointerKey } from '../../../src/adapters/redis/account-key.ts';
import { Unacknowledged } from '../../../src/errors.ts';
import type { Account } from '../../../src/ports/account-store.ts';
import { sampleAccount } from '../account-store-contract.ts';
import {
  describeReplicated,
  LONG,
  openReplica,
  pauseReplicas,
  type Replicated,
  SHORT,
  waiting,
} from './acknowledging.ts';
import { person } from './keys-over.ts';

/** Whoever waited as long as the patient do would be refused later than this: the others have no reason to. */
const SOONER_MS = LONG.withinMs / 2;
const VERIFICATIONS = 100;

type Replica = Awaited<ReturnType<typeof openReplica>>;

describeReplicated((start) => {
  let redis: Replicated;
  /** Waits as long as a test wants. */
  let patient: Replica;
  /** Waits for 300 ms. */
  let hasty: Replica;
  let people = 0;

  beforeAll(async () => {
    redis = await start();
    patient = await openReplica(redis, LONG);
    hasty = await openReplica(redis, SHORT);
  });
  beforeEach(() => {
    people++;
  });
  afterEach(() => redis.heal());
  afterAll(async () => {
    await patient?.[Symbol.asyncDispose]();
    await hasty?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  const somebody = (name = 'somebody') => person(`${name}-${people}`);
  /**
   * A process that has written nothing yet: what `hasty` has written before, its WAIT covers without another write.
   */
  const newcomer = () => openReplica(redis, SHORT);
  const resume = async () => {
    for (const node of await redis.replicas()) await node.bringUp();
  };
  /** What is kept of somebody who was not given a key, perhaps. */
  const kept = async (name?: string): Promise<Account> => {
    const { directoryId, entryId } = somebody(name);
    const id = await patient.store.findId(directoryId, entryId);
    const account = id === undefined ? undefined : await patient.store.read(id);
    if (!account) throw new Error('nothing is kept');
    return account;
  };
  /** An entry the pointer to which is kept by another master than the record, where there are several. */
  const entryApart = async (id: number): Promise<string> => {
    const record = await redis.masterOf(accountKey(id));
    const isAlone = (await redis.masters()).length === 1;
    for (let at = 0; ; at++) {
      const { directoryId, entryId } = somebody(`apart-${at}`);
      const pointer = await redis.masterOf(pointerKey(directoryId, entryId));
      if (isAlone || pointer !== record) return entryId;
    }
  };
  const expectUnacknowledged = async (change: Promise<unknown>) => {
    const begin = performance.now();
    await expect(change).rejects.toBeInstanceOf(Unacknowledged);
    expect(performance.now() - begin).toBeLessThan(SOONER_MS);
  };

  test('a record that was given a key from is known to be acknowledged', async () => {
    const { apiKey, account } = await patient.issue(somebody());
    expect(account.isUnacknowledged).toBeUndefined();
    expect((await kept()).isUnacknowledged).toBeUndefined();
    expect(await hasty.verify(apiKey, undefined)).toEqual({ account: await kept() });
    const again = await patient.regenerate(account);
    expect((await kept()).key).toEqual(again?.account.key);
    expect((await kept()).isUnacknowledged).toBeUndefined();
  });

  test('a replica that lags is waited for, and verifications go on meanwhile', async () => {
    const { apiKey } = await patient.issue(somebody('other'));
    await pauseReplicas(redis);
    let isIssued = false;
    const issuing = patient.issue(somebody()).finally(() => {
      isIssued = true;
    });
    await waiting(redis);
    for (let count = 0; count < VERIFICATIONS; count++)
      expect(await patient.verify(apiKey, undefined)).toMatchObject({
        account: { owner: { username: `other-${people}` } },
      });
    expect(isIssued).toBe(false);
    expect((await kept()).isUnacknowledged).toBe(true);
    await resume();
    const issued = await issuing;
    expect(await hasty.verify(issued.apiKey, undefined)).toEqual({ account: await kept() });
    expect((await kept()).isUnacknowledged).toBeUndefined();
  });

  test('no key is given out while no replica answers, and whoever signs in next waits again', async () => {
    await pauseReplicas(redis);
    await expectUnacknowledged(hasty.issue(somebody()));
    const pending = await kept();
    expect(pending.isUnacknowledged).toBe(true);
    await using other = await newcomer();
    await expectUnacknowledged(other.issue(somebody()));
    expect(await kept()).toEqual(pending);
    const again = patient.issue(somebody());
    await waiting(redis);
    await resume();
    expect((await again).account).toMatchObject({ id: pending.id, key: pending.key });
    expect((await kept()).isUnacknowledged).toBeUndefined();
    expect(await patient.issue(somebody())).toEqual(await again);
  });

  test('a new key that no replica has kills the old one, and is given out by a sign-in', async () => {
    const { apiKey, account } = await patient.issue(somebody());
    await pauseReplicas(redis);
    await expectUnacknowledged(hasty.regenerate(account));
    expect(await hasty.verify(apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    const pending = await kept();
    expect(pending.isUnacknowledged).toBe(true);
    await using other = await newcomer();
    await expectUnacknowledged(other.issue(somebody()));
    await resume();
    const issued = await patient.issue(somebody());
    expect(issued.account.key).toEqual(pending.key);
    expect(issued.apiKey).not.toBe(apiKey);
    expect((await kept()).isUnacknowledged).toBeUndefined();
  });

  test.each([
    ['a revocation', 'revoke', (account: Account) => account.key === undefined, false],
    [
      'an operator’s suspension',
      'suspendByOperator',
      (account: Account) => account.suspendedByOperatorAt !== undefined,
      true,
    ],
    ['an operator’s restoration', 'restore', (account: Account) => account.check.at === 0, true],
  ] as const)(
    '%s that no replica has is done, is told to be uncertain, and can be repeated',
    async (_what, change, isDone, again) => {
      const { id } = (await patient.issue(somebody())).account;
      await pauseReplicas(redis);
      await expectUnacknowledged(hasty.store[change](id));
      expect(await kept()).toMatchObject({ isUnacknowledged: true });
      expect(isDone(await kept())).toBe(true);
      await using other = await newcomer();
      await expectUnacknowledged(other.store[change](id));
      await resume();
      expect(await patient.store[change](id)).toBe(again);
      expect((await kept()).isUnacknowledged).toBeUndefined();
      expect(isDone(await kept())).toBe(true);
    },
  );

  test('what replicas have acknowledged is never taken for a change that came later', async () => {
    const { account } = await patient.issue(somebody());
    await pauseReplicas(redis);
    const regenerating = patient.regenerate(account);
    await waiting(redis);
    await expectUnacknowledged(hasty.store.suspendByOperator(account.id));
    await resume();
    expect(await regenerating).toBeDefined();
    expect((await kept()).isUnacknowledged).toBe(true);
    await patient.store.acknowledge(await kept());
    expect((await kept()).isUnacknowledged).toBeUndefined();
  });

  test('a change of a new record says nothing about the pointer to it', async () => {
    const id = await patient.store.nextId();
    const account = { ...sampleAccount(id), entryId: somebody().entryId };
    await patient.store.create(account);
    await patient.store.suspendByOperator(id);
    expect(await patient.store.read(id)).toMatchObject({ isUnacknowledged: true });
    // Nothing leads to it: no key may be given out from it.
    const unacknowledged = { ...account, isUnacknowledged: true } as const;
    await expectUnacknowledged(patient.store.acknowledge(unacknowledged));
    await patient.store.point(account.directoryId, account.entryId, id);
    await patient.store.acknowledge(unacknowledged);
    expect((await kept()).isUnacknowledged).toBeUndefined();
  });

  test.each([
    ['record', ({ id }: Account) => accountKey(id)],
    ['pointer', ({ directoryId, entryId }: Account) => pointerKey(directoryId, entryId)],
  ])('a %s that no replica has is waited for by who has not written it', async (_what, keyOf) => {
    const id = await patient.store.nextId();
    const account = { ...sampleAccount(id), entryId: await entryApart(id), isUnacknowledged: true } as const;
    for (const node of await redis.replicasOf(keyOf(account))) await node.pause();
    await patient.store.create(account);
    await patient.store.point(account.directoryId, account.entryId, id);
    await using other = await newcomer();
    await expectUnacknowledged(other.store.acknowledge(account));
    expect(await patient.store.read(id)).toMatchObject({ isUnacknowledged: true });
    await resume();
    await patient.store.acknowledge(account);
    expect((await patient.store.read(id))?.isUnacknowledged).toBeUndefined();
  });

  test('a record that has another key by now, or is gone, is not acknowledged for the one that was read', async () => {
    await patient.issue(somebody());
    const read = { ...(await kept()), isUnacknowledged: true } as const;
    await patient.regenerate(read);
    await expectUnacknowledged(patient.store.acknowledge(read));
    const now = { ...(await kept()), isUnacknowledged: true } as const;
    await patient.store.acknowledge(now);
    await patient.store.remove(now.id);
    await expectUnacknowledged(patient.store.acknowledge(now));
  });

  test('what was not there to be changed is no change that may be lost', async () => {
    await pauseReplicas(redis);
    const key = { nonce: 'a'.repeat(32), secretId: 'cafebabe', mintedAt: 1 };
    expect(await hasty.store.mint(1, undefined, key)).toBe(false);
    expect(await hasty.store.revoke(1)).toBe(false);
    expect(await hasty.store.suspendByOperator(1)).toBe(false);
    expect(await hasty.store.restore(1)).toBe(false);
    expect(await hasty.store.read(1)).toBeUndefined();
  });
});
