import { describe, expect, test } from '@jest/globals';
import { createMemorySecretRegistry } from '../../src/adapters/memory/secret-registry.ts';
import { Unavailable } from '../../src/errors.ts';
import { registerAtStart } from '../../src/keys/register-at-start.ts';
import { ACCEPTED_MS, createRingGuard, whenAccepted } from '../../src/keys/ring-guard.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { recordingLog } from '../support/recording-log.ts';
import { until } from '../support/until.ts';

const ring = (...bytes: number[]) => createSecretRing(bytes.map((byte) => Buffer.alloc(32, byte)));
const [OLD, NEW] = [ring(1).current.id, ring(2).current.id];

/** Replicas on one registry, which counts what it is asked and can be away. */
function createDeployment() {
  const registry = createMemorySecretRegistry();
  let asked = 0;
  let isAway = false;
  let now = 0;
  const secrets: typeof registry = {
    ...registry,
    async register(ids, isStart) {
      asked++;
      if (isAway) throw new Unavailable('store', 'away');
      return registry.register(ids, isStart);
    },
  };
  return {
    registry,
    asked: () => asked,
    setAway: (away: boolean) => {
      isAway = away;
    },
    advance: (ms: number) => {
      now += ms;
    },
    start(...bytes: number[]) {
      const log = recordingLog();
      return { log, ...createRingGuard({ ring: ring(...bytes), secrets, log, elapsed: () => now }) };
    },
  };
}

describe('the guard over the ring of secrets', () => {
  test('accepts a ring that has the registered secret, and relies on that for some seconds', async () => {
    const deployment = createDeployment();
    const guard = deployment.start(1);
    await Promise.all([guard.demandAccepted(), guard.demandAccepted(), guard.isAccepted()]);
    deployment.advance(ACCEPTED_MS - 1);
    await guard.demandAccepted();
    expect(deployment.asked()).toBe(1);
    await deployment.registry.accept(NEW);
    await guard.demandAccepted();
    deployment.advance(1);
    await expect(guard.demandAccepted()).rejects.toThrow(Unavailable);
  });

  test('asks again each time after a refusal, and lets keys be issued as soon as it is lifted', async () => {
    const deployment = createDeployment();
    await deployment.registry.accept(NEW);
    const guard = deployment.start(1);
    for (let time = 0; time < 3; time++) {
      expect(await guard.isAccepted()).toBe(false);
      await expect(guard.demandAccepted()).rejects.toMatchObject({ part: 'store' });
    }
    expect(deployment.asked()).toBe(6);
    await deployment.registry.accept(OLD);
    await guard.demandAccepted();
    expect(await guard.isAccepted()).toBe(true);
  });

  test('says a refusal once, with the command that helps, and no more of secrets than their ids', async () => {
    const deployment = createDeployment();
    await deployment.registry.accept(NEW);
    const guard = deployment.start(1, 3);
    await guard.isAccepted();
    await guard.isAccepted();
    expect(guard.log.lines).toHaveLength(1);
    expect(JSON.parse(guard.log.lines[0] ?? '')).toEqual({
      audit: 'ring-refused',
      registered: NEW,
      ring: [OLD, ring(3).current.id],
      message: expect.stringContaining('latchkey secrets accept'),
    });
    await deployment.registry.accept(OLD);
    await guard.isAccepted();
    expect(guard.log.lines.slice(1)).toEqual([expect.stringContaining('ring-accepted')]);
    deployment.advance(ACCEPTED_MS);
    await guard.isAccepted();
    expect(guard.log.lines).toHaveLength(2);
  });

  test('promotes its current secret at the first answer, and never later', async () => {
    const deployment = createDeployment();
    await deployment.start(1).isAccepted();
    deployment.setAway(true);
    const next = deployment.start(2, 1);
    await expect(next.isAccepted()).rejects.toThrow(Unavailable);
    expect(await deployment.registry.registered()).toBe(OLD);
    deployment.setAway(false);
    expect(await next.isAccepted()).toBe(true);
    expect(await deployment.registry.registered()).toBe(NEW);
    await deployment.registry.accept(OLD);
    deployment.advance(ACCEPTED_MS);
    expect(await next.isAccepted()).toBe(true);
    expect(await deployment.registry.registered()).toBe(OLD);
  });

  test('keeps what it guards from beginning, and passes on what is given to it', async () => {
    const deployment = createDeployment();
    await deployment.registry.accept(NEW);
    const guard = deployment.start(1);
    const given: unknown[] = [];
    const use = whenAccepted(guard, async (one: string, other: number) => {
      given.push(one, other);
      return 'done';
    });
    await expect(use('a', 1)).rejects.toThrow(Unavailable);
    expect(given).toEqual([]);
    await deployment.registry.accept(OLD);
    expect(await use('b', 2)).toBe('done');
    expect(given).toEqual(['b', 2]);
  });
});

describe('the registration at the start', () => {
  test('happens when the store comes, though nobody asks for a key', async () => {
    const deployment = createDeployment();
    deployment.setAway(true);
    const registering = registerAtStart(deployment.start(1), new AbortController().signal);
    await until('the store was asked', () => deployment.asked() > 1);
    expect(await deployment.registry.registered()).toBeUndefined();
    deployment.setAway(false);
    await registering;
    expect(await deployment.registry.registered()).toBe(OLD);
  });

  test('is given up when the service ends', async () => {
    const deployment = createDeployment();
    deployment.setAway(true);
    const ending = new AbortController();
    const registering = registerAtStart(deployment.start(1), ending.signal);
    await until('the store was asked', () => deployment.asked() > 0);
    ending.abort();
    await registering;
    expect(deployment.asked()).toBe(1);
  });
});
