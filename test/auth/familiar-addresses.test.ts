import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryAttemptCounter } from '../../src/adapters/memory/attempt-counter.ts';
import { createMemoryDirectory, type MemoryDirectory } from '../../src/adapters/memory/directory.ts';
import type { Authenticate } from '../../src/auth/authenticate.ts';
import type { Directory, Lockout } from '../../src/ports/directory.ts';
import { alice, attempt, authenticating, outcomeOf } from './authenticating.ts';

const HOME = '192.0.2.1';
const STRANGE = '198.51.100.1';

describe('an address that the person has signed in from', () => {
  let directory: MemoryDirectory;
  let authenticate: Authenticate;

  beforeEach(() => {
    directory = createMemoryDirectory([{ principal: alice, password: 'right' }]);
    authenticate = authenticating(directory);
  });

  const guess = async (times: number, address: string, username = 'alice') => {
    const outcomes = [];
    for (let time = 0; time < times; time++) {
      outcomes.push(await outcomeOf(authenticate(attempt(username, `wrong ${time}`, address))));
    }
    return outcomes;
  };
  const signIn = (address: string, username = 'alice') =>
    outcomeOf(authenticate(attempt(username, 'right', address)));

  test.each(['alice', 'ALICE@example.org'])(
    'lets the person in while a stranger guesses at %s',
    async (guessed) => {
      expect(await signIn(HOME)).toBe('accepted');
      expect((await guess(9, STRANGE, guessed)).slice(5)).toEqual(Array(4).fill('attempts-spent'));
      expect(await signIn(STRANGE)).toBe('attempts-spent');
      expect(await signIn(HOME)).toBe('accepted');
    },
  );

  test('has no more attempts than its own budget', async () => {
    await signIn(HOME);
    expect((await guess(7, HOME)).slice(5)).toEqual(['attempts-spent', 'attempts-spent']);
    expect(await signIn(STRANGE)).toBe('accepted');
  });

  test('is shown its own budget', async () => {
    await signIn(HOME);
    await guess(3, STRANGE);
    const { budget } = await authenticate(attempt('alice', 'wrong', HOME));
    expect(budget).toMatchObject({ kind: 'familiar', limit: 5, remaining: 4 });
  });

  test('is familiar to nobody else, and never where there is no address', async () => {
    expect(await signIn('unknown')).toBe('accepted');
    const { budget } = await authenticate(attempt('alice', 'wrong', 'unknown'));
    expect(budget).toMatchObject({ kind: 'strangers' });
    const other = await authenticate(attempt('bob', 'wrong', HOME));
    expect(other.budget).toMatchObject({ kind: 'strangers' });
  });

  test('is never held as it is', async () => {
    const held: unknown[] = [];
    const counter = createMemoryAttemptCounter(Date.now);
    const spied = { ...counter, clear: async (...args: unknown[]) => void held.push(...args) };
    await outcomeOf(authenticating(directory, { counter: spied })(attempt('alice', 'right', HOME)));
    expect(held.length).toBeGreaterThan(0);
    expect(JSON.stringify(held)).not.toContain(HOME);
  });

  test.each([2, 3, 4, 5, 8, 11, 12])(
    'and strangers together stay below a directory that locks at %i',
    async (threshold) => {
      const lockout: Lockout = { threshold, windowMs: 60_000 };
      const locking: Directory = {
        ...directory,
        find: async (name) =>
          ({ ...(await directory.find(name)), lockout }) as Awaited<ReturnType<Directory['find']>>,
      };
      authenticate = authenticating(locking);
      await signIn(HOME);
      const before = directory.binds();
      for (const name of ['alice', 'alice@example.org']) {
        await guess(20, STRANGE, name);
        await guess(20, HOME, name);
      }
      const binds = directory.binds() - before;
      expect(binds).toBeLessThan(threshold);
      expect(binds).toBeGreaterThan(0);
    },
  );
});
