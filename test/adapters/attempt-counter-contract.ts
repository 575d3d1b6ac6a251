import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AttemptCounter, Budget } from '../../src/ports/attempt-counter.ts';
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

    describe('with a budget for familiar addresses', () => {
      const BOTH = { ...BUDGET, familiar: { attempts: 2, rememberMs: 60_000 } };
      const home = { address: 'home', rememberMs: 60_000 };
      const from = async (address: string | undefined, times: number, budget: Budget = BOTH) => {
        const reserved = [];
        for (let time = 0; time < times; time++)
          reserved.push(await attempts().reserve('a', budget, address));
        return reserved.map(({ granted, kind, limit, remaining }) => [granted, kind, limit, remaining]);
      };

      test('counts both apart, so that neither spends the other', async () => {
        await attempts().clear('a', home);
        expect(await from('elsewhere', 4)).toEqual([
          [true, 'strangers', 3, 2],
          [true, 'strangers', 3, 1],
          [true, 'strangers', 3, 0],
          [false, 'strangers', 3, 0],
        ]);
        expect(await from('home', 3)).toEqual([
          [true, 'familiar', 2, 1],
          [true, 'familiar', 2, 0],
          [false, 'familiar', 2, 0],
        ]);
        expect(await from(undefined, 1)).toEqual([[false, 'strangers', 3, 0]]);
      });

      test('remembers under the key alone', async () => {
        await attempts().clear('b', home);
        expect(await from('home', 1)).toEqual([[true, 'strangers', 3, 2]]);
      });

      test('forgets both kinds of failures, and no address', async () => {
        await attempts().clear('a', home);
        await from('home', 2);
        await from('elsewhere', 3);
        await attempts().clear('a');
        expect(await from('home', 1)).toEqual([[true, 'familiar', 2, 1]]);
        expect(await from('elsewhere', 1)).toEqual([[true, 'strangers', 3, 2]]);
      });

      test('takes back the latest of the kind that is named', async () => {
        await attempts().clear('a', home);
        await from('home', 2);
        await from('elsewhere', 3);
        await attempts().release('a', 'familiar');
        expect(await from('elsewhere', 1)).toEqual([[false, 'strangers', 3, 0]]);
        expect(await from('home', 1)).toEqual([[true, 'familiar', 2, 0]]);
      });

      test('forgets an address once it was not signed in from for long enough', async () => {
        await attempts().clear('a', { ...home, rememberMs: 200 });
        const brief = { ...BOTH, familiar: { attempts: 1000, rememberMs: 200 } };
        expect(await from('home', 1, brief)).toEqual([[true, 'familiar', 1000, 999]]);
        await until('the address is forgotten', async () => {
          const [, kind] = (await from('home', 1, { ...brief, attempts: 1000 }))[0] ?? [];
          return kind === 'strangers';
        });
      });

      test('remembers twenty addresses, and lets the oldest go', async () => {
        for (let known = 0; known <= 20; known++) {
          await attempts().clear('a', { address: `address ${known}`, rememberMs: 60_000 });
          await setTimeout(2);
        }
        const kinds = [];
        for (const known of [0, 1, 20]) {
          kinds.push((await attempts().reserve('a', BOTH, `address ${known}`)).kind);
          await attempts().clear('a');
        }
        expect(kinds).toEqual(['strangers', 'familiar', 'familiar']);
      });

      test('shows how both stand, and counts nothing by it', async () => {
        await attempts().clear('a', home);
        await from('home', 2);
        await from('elsewhere', 1);
        await attempts().show('a', BOTH);
        const { strangers, familiar } = await attempts().show('a', BOTH);
        expect(strangers).toEqual({ used: 1, remaining: 2, retryAfterMs: 0 });
        expect(familiar).toMatchObject({ used: 2, remaining: 0 });
        expect(familiar?.retryAfterMs).toBeGreaterThan(50_000);
        expect(await attempts().show('a', BUDGET)).not.toHaveProperty('familiar');
      });

      test('shows a key under which nothing was ever counted as whole', async () => {
        expect(await attempts().show('never', BOTH)).toEqual({
          strangers: { used: 0, remaining: 3, retryAfterMs: 0 },
          familiar: { used: 0, remaining: 2, retryAfterMs: 0 },
        });
      });
    });

    describe('until it is quiet', () => {
      const quiet = { attempts: 2, windowMs: 400, untilQuiet: true };

      test('counts an attempt for as long as another comes within the window', async () => {
        // On a busy machine the other may come too late, and both are made again under another key.
        const { key, first, second } = await until('another attempt came within the window', async () => {
          const key = `quiet since ${Date.now()}`;
          const first = Date.now();
          await attempts().reserve(key, quiet);
          await setTimeout(250);
          // Before it is counted: whenever that is, it is not earlier.
          const second = Date.now();
          await attempts().reserve(key, quiet);
          return Date.now() - first < quiet.windowMs && { key, first, second };
        });
        await until(
          'an attempt is granted again',
          async () => (await attempts().reserve(key, quiet)).granted,
        );
        expect(Date.now() - second).toBeGreaterThanOrEqual(quiet.windowMs - 20);
        expect(Date.now() - first).toBeGreaterThan(600);
      });

      test('begins anew afterwards', async () => {
        const begun = await until('two attempts came within one window', async () => {
          const key = `begun at ${Date.now()}`;
          const first = Date.now();
          await attempts().reserve(key, quiet);
          await attempts().reserve(key, quiet);
          return Date.now() - first < quiet.windowMs && key;
        });
        await until(
          'an attempt is granted again',
          async () => (await attempts().reserve(begun, quiet)).granted,
        );
        expect((await attempts().reserve(begun, quiet)).granted).toBe(true);
      });
    });
  });
}
