import { beforeEach, describe, expect, test } from '@jest/globals';
import { createRemembered, type Remembered } from '../../../../src/adapters/ldap/lockout/remembered.ts';

const options = { freshMs: 1_000, retryMs: 100, waitMs: 60_000 };

describe('what was read of a policy', () => {
  let now: number;
  let read: () => Promise<string>;
  let readings: number;
  let failures: unknown[];
  let remembered: Remembered<string>;

  const remember = (waitMs: number) =>
    createRemembered(
      () => {
        readings += 1;
        return read();
      },
      { ...options, waitMs },
      (failure) => failures.push(failure),
      () => now,
    );
  beforeEach(() => {
    now = 0;
    readings = 0;
    failures = [];
    remembered = remember(options.waitMs);
  });
  const gives = (value: string) => {
    read = async () => value;
  };
  const fails = () => {
    read = async () => {
      throw new Error('nobody answers');
    };
  };

  test('is read once however many ask, and again when it is too old', async () => {
    gives('first');
    expect(await Promise.all([remembered(), remembered(), remembered()])).toEqual(Array(3).fill('first'));
    gives('second');
    now = options.freshMs - 1;
    expect(await remembered()).toBe('first');
    now = options.freshMs;
    expect(await remembered()).toBe('second');
    expect(readings).toBe(2);
  });

  test('still holds while it cannot be read, which is tried again only after a while', async () => {
    gives('first');
    await remembered();
    fails();
    now = options.freshMs;
    expect(await remembered()).toBe('first');
    now += options.retryMs - 1;
    expect(await remembered()).toBe('first');
    expect(readings).toBe(2);
    gives('second');
    now += 1;
    expect(await remembered()).toBe('second');
    expect(failures).toEqual([new Error('nobody answers')]);
  });

  test('is nothing where it never could be read', async () => {
    fails();
    expect(await remembered()).toBeUndefined();
    expect(await remembered()).toBeUndefined();
    expect(readings).toBe(1);
  });

  test('is waited for once, and not for long', async () => {
    const slow = Promise.withResolvers<string>();
    read = () => slow.promise;
    remembered = remember(1);
    expect(await remembered()).toBeUndefined();
    expect(await Promise.all([remembered(), remembered()])).toEqual([undefined, undefined]);
    expect(readings).toBe(1);
    slow.resolve('at last');
    await slow.promise;
    expect(await remembered()).toBe('at last');
    expect(readings).toBe(1);
  });
});
