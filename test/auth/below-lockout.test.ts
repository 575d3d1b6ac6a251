import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { belowLockout } from '../../src/auth/below-lockout.ts';

const WINDOW_MS = 1_800_000;
const budget = { attempts: 5, windowMs: WINDOW_MS, familiar: { attempts: 5, rememberMs: 1000 } };
const lockout = (threshold: number, windowMs?: number) => ({ threshold, windowMs });

describe('a budget below the lockout of a directory', () => {
  test.each([
    [1, 1, 0],
    [2, 1, 0],
    [3, 1, 1],
    [4, 2, 1],
    [5, 2, 2],
    [6, 3, 2],
    [7, 3, 3],
    [8, 4, 3],
    [9, 4, 4],
    [10, 5, 4],
    [11, 5, 5],
    [12, 5, 5],
  ])('that locks at %i gives strangers %i and familiar addresses %i', (threshold, strangers, familiar) => {
    const capped = belowLockout(budget, lockout(threshold));
    expect([capped.attempts, capped.familiar?.attempts ?? 0]).toEqual([strangers, familiar]);
  });

  test('stays below it whatever both budgets are, and never refuses everyone', () => {
    const attempts = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(attempts, attempts, fc.integer({ min: 2, max: 60 }), (strangers, familiar, threshold) => {
        const wanted = { ...budget, attempts: strangers, familiar: { attempts: familiar, rememberMs: 1 } };
        const capped = belowLockout(wanted, lockout(threshold));
        const own = capped.familiar?.attempts ?? 0;
        expect(capped.attempts + own).toBeLessThanOrEqual(threshold - 1);
        expect(capped.attempts).toBeGreaterThanOrEqual(1);
        expect(capped.attempts).toBeLessThanOrEqual(strangers);
        expect(own).toBeLessThanOrEqual(familiar);
        if (threshold > 2) expect(own).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('lasts at least as long as the directory remembers a failure', () => {
    expect(belowLockout(budget, lockout(4, 2 * WINDOW_MS))).toMatchObject({ windowMs: 2 * WINDOW_MS });
    expect(belowLockout(budget, lockout(4, 1000))).toMatchObject({ windowMs: WINDOW_MS, untilQuiet: true });
    expect(belowLockout(budget, lockout(4))).toMatchObject({ windowMs: WINDOW_MS, untilQuiet: true });
  });

  test('is what it was where the directory locks nobody out', () => {
    expect(belowLockout(budget, undefined)).toBe(budget);
  });

  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
  ])('that locks at %i leaves %i attempts where strangers alone have a budget', (threshold, attempts) => {
    const capped = belowLockout({ attempts: 5, windowMs: WINDOW_MS }, lockout(threshold));
    expect(capped).toEqual({ attempts, windowMs: WINDOW_MS, untilQuiet: true });
  });

  test('is one budget where familiar addresses have none of their own', () => {
    expect(belowLockout({ attempts: 5, windowMs: WINDOW_MS }, lockout(4))).toEqual({
      ...{ attempts: 3, windowMs: WINDOW_MS, untilQuiet: true },
    });
  });
});
