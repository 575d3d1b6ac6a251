import { describe, expect, test } from '@jest/globals';
import { lookAtLockout } from '../../src/doctor/person/lockout.ts';

const budget = { attempts: 5, windowMs: 1_800_000, familiar: { attempts: 5, rememberMs: 86_400_000 } };

describe('the budget beside the directory’s lockout', () => {
  test('stays as it is below a high threshold', () => {
    expect(lookAtLockout(budget, { threshold: 50, windowMs: 1_800_000 })).toMatchObject({
      status: 'ok',
      seen: expect.stringMatching(
        /^locks at 50 wrong passwords, remembered for 30 minutes; our budget is 5 from strange .* and 5 from familiar .*, which stays below$/,
      ),
    });
  });

  test('is cut below a low one', () => {
    expect(lookAtLockout(budget, { threshold: 5, windowMs: undefined })).toMatchObject({
      status: 'ok',
      seen: expect.stringMatching(
        /^locks at 5 wrong passwords, remembered until a right one \(so guesses .*\); our budget is 2 from .* and 2 from .*, cut to stay below$/,
      ),
    });
  });

  test('cannot stay below a lockout at the first', () => {
    expect(lookAtLockout(budget, { threshold: 1, windowMs: undefined })).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('a threshold of 5 or more'),
    });
  });

  test('is told with a warning where the directory does not say', () => {
    expect(lookAtLockout(budget, undefined)).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('lockout.threshold'),
    });
  });
});
