import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AttemptCounter } from '../../src/ports/attempt-counter.ts';
import { until } from '../support/until.ts';

/** A counter under test, and how to empty it and end it. */
export interface CounterUnderTest {
  readonly counter: AttemptCounter;
  readonly empty: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const BUDGET = { attempts: 3, windowMs: 60_000 };

/** What every attempt counter must do, whatever keeps it. */
export function describeAttemptCounter(name: string, start: () => Promise<CounterUnderTest>): void {
  describe(`the attempt counter ${name}`, () => {
    let { counter, empty, end }: Partial<CounterUnderTest> = {};
    const attempts = (): AttemptCounter => {
      if (!counter) throw new Error('the counter is not started');
      return counter;
    };
    const reserve = (times: number) =>
      Promise.all(Array.from({ length: times }, () => attempts().reserve('a', BUDGET)));

    beforeAll(async () => {
      ({ counter, empty, end } = await start());
    });
    beforeEach(() => empty?.());
    afterAll(() => end?.());

    test('grants as many as the budget has, and says how many are left', async () => {
      const granted = await reserve(3);
      expect(granted.map((one) => [one.granted, one.remaining])).toEqual([
        ...[
          [true, 2],
          [true, 1],
          [true, 0],
        ],
      ]);
      expect(granted[0]).toMatchObject({ retryAfterMs: 0, resetMs: 60_000 });
      expect(granted[2]?.retryAfterMs).toBeGreaterThan(0);
    });

    test('refuses the next, and says how long to wait', async () => {
      await reserve(3);
      const refused = await attempts().reserve('a', BUDGET);
      expect(refused).toMatchObject({ granted: false, remaining: 0 });
      expect(refused.retryAfterMs).toBeGreaterThan(0);
      expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
      expect(refused.resetMs).toBe(refused.retryAfterMs);
    });

    test('grants fifty at once no more than the budget', async () => {
      expect((await reserve(50)).filter((one) => one.granted)).toHaveLength(3);
    });

    test('counts keys apart', async () => {
      await reserve(3);
      expect((await attempts().reserve('b', BUDGET)).granted).toBe(true);
    });

    test('takes one attempt back', async () => {
      await reserve(3);
      await attempts().release('a');
      expect((await reserve(2)).map((one) => one.granted)).toEqual([true, false]);
    });

    test('takes nothing back where nothing was counted', async () => {
      await attempts().release('a');
      expect((await reserve(4)).filter((one) => one.granted)).toHaveLength(3);
    });

    test('forgets every attempt', async () => {
      await reserve(3);
      await attempts().clear('a');
      expect((await reserve(3)).filter((one) => one.granted)).toHaveLength(3);
    });

    test('does not count the refused ones, and grants again when the window has passed', async () => {
      const short = { attempts: 1, windowMs: 300 };
      await attempts().reserve('a', short);
      let refused = 0;
      await until('the window has passed', async () => {
        const { granted } = await attempts().reserve('a', short);
        if (!granted) refused++;
        return granted;
      });
      expect(refused).toBeGreaterThan(0);
    });

    test('takes a smaller budget at once', async () => {
      await reserve(3);
      const smaller = await attempts().reserve('a', { attempts: 2, windowMs: 60_000 });
      expect(smaller).toMatchObject({ granted: false, remaining: 0 });
    });
  });
}
