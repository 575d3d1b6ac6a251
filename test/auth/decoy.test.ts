import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDecoy, createTimedDecoy } from '../../src/auth/decoy.ts';

/** A decoy on a clock of its own: a timer is late by `lateness`, a turn of the event loop takes 0.05 ms. */
function withFakeClock(random: () => number, lateness = 0.9) {
  let now = 1000;
  const slept: number[] = [];
  const decoy = createDecoy({
    now: () => now,
    random,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms + lateness;
    },
    nextTurn: async () => {
      now += 0.05;
    },
  });
  return { decoy, slept, now: () => now };
}

const took = fc.double({ min: 0.01, max: 500, noNaN: true });

describe('the decoy', () => {
  test('lasts as long as one of the refused binds did, to a fraction of a millisecond', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(took, { minLength: 1, maxLength: 128 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (times, drawn) => {
          const { decoy, now } = withFakeClock(() => drawn);
          for (const one of times) decoy.learn(one);
          const wanted = times[Math.floor(drawn * times.length)] ?? Number.NaN;
          await decoy.pass(1000, 1);
          expect(now() - 1000).toBeGreaterThan(wanted - 1e-6);
          expect(now() - 1000).toBeLessThan(wanted + 0.1);
        },
      ),
    );
  });

  test('takes what has passed already off', async () => {
    const { decoy, now } = withFakeClock(() => 0);
    decoy.learn(30);
    await decoy.pass(980, 1);
    expect(now()).toBeLessThan(1010.1);
    await decoy.pass(900, 1);
    expect(now()).toBeLessThan(1010.1);
  });

  test('knows the latest 128 alone', async () => {
    for (const drawn of [0, 0.5, 0.999]) {
      const { decoy, now } = withFakeClock(() => drawn);
      for (let time = 0; time < 100; time++) decoy.learn(400);
      for (let time = 0; time < 128; time++) decoy.learn(7);
      await decoy.pass(1000, 1);
      expect(now() - 1000).toBeLessThan(7.1);
    }
  });

  test('lasts as long as it is told while it knows of no bind', async () => {
    const { decoy, now } = withFakeClock(() => 0.5);
    await decoy.pass(1000, 4.25);
    expect(now() - 1000).toBeGreaterThan(4.25 - 1e-6);
    expect(now() - 1000).toBeLessThan(4.35);
  });

  test('sleeps for the whole part, and uses no timer for less', async () => {
    const { decoy, slept } = withFakeClock(() => 0);
    await decoy.pass(1000, 0.8);
    expect(slept).toEqual([]);
    await decoy.pass(1000, 20);
    expect(slept).toHaveLength(1);
  });

  test('ends when the sign-in is given up', async () => {
    const decoy = createTimedDecoy(Math.random);
    const signal = AbortSignal.abort(new Error('given up'));
    await expect(decoy.pass(decoy.now(), 60_000, signal)).rejects.toThrow();
  });

  test('is on time by the machine’s own clock', async () => {
    const decoy = createTimedDecoy(Math.random);
    for (const ms of [0.3, 1.7, 6.4]) {
      const begun = decoy.now();
      await decoy.pass(begun, ms);
      expect(decoy.now() - begun).toBeGreaterThanOrEqual(ms);
    }
  });
});
