import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryAttemptCounter } from '../../src/adapters/memory/attempt-counter.ts';
import { createMemoryDirectory, type MemoryDirectory } from '../../src/adapters/memory/directory.ts';
import type { Authenticate } from '../../src/auth/authenticate.ts';
import { Unavailable } from '../../src/errors.ts';
import type { AttemptCounter } from '../../src/ports/attempt-counter.ts';
import type { Directory, Verified } from '../../src/ports/directory.ts';
import { until } from '../support/until.ts';
import { alice, attempt, authenticating } from './authenticating.ts';

const ATTEMPTS = 5;
const BUDGET = { attempts: ATTEMPTS, windowMs: 60_000 };
const API_KEY = 'one-of-our-keys';

describe('authenticating', () => {
  let directory: MemoryDirectory;
  let calls: string[];
  let counter: AttemptCounter;

  beforeEach(() => {
    calls = [];
    directory = createMemoryDirectory([
      { principal: alice, password: 'right' },
      { principal: { ...alice, entryId: 'e2', username: 'mute', emails: [] }, password: 'right' },
      {
        principal: { ...alice, entryId: 'e3', username: 'eve@example.org', emails: ['e@example.org'] },
        password: 'right',
      },
    ]);
    counter = createMemoryAttemptCounter(Date.now);
  });

  const build = (over: Partial<Directory> = {}, requireEmail = false): Authenticate =>
    authenticating(watched({ ...directory, ...over }), {
      counter,
      budget: BUDGET,
      readKept: async () => {
        calls.push('readKept');
        return { id: 42, account: undefined };
      },
      digestName: (name) => `digest of ${name}`,
      isApiKey: (text) => text === API_KEY,
      requireEmail,
    });

  const watched = (real: Directory): Directory => ({
    ...real,
    find: (username) => {
      calls.push(`find ${username}`);
      return real.find(username);
    },
    verifyPassword: (principal, password) => {
      calls.push('verifyPassword');
      return real.verifyPassword(principal, password);
    },
  });

  const signIn = (username: string, password: string, admit = async () => {}) =>
    build()({ ...attempt(username, password), admit });
  const left = async () => (await counter.reserve('name:digest of alice', BUDGET)).remaining + 1;

  test('finds, reads the account, asks about the password once, and says who it is', async () => {
    expect(await signIn('Alice', 'right')).toMatchObject({
      principal: alice,
      kept: { id: 42 },
      budget: { remaining: 4 },
    });
    expect(calls).toEqual(['find Alice', 'readKept', 'verifyPassword']);
  });

  test.each([
    ['blank', '', 'malformed-password'],
    ['white space', ' \u3000', 'malformed-password'],
    ['cut by NUL', 'right\0', 'malformed-password'],
    ['one of our keys', API_KEY, 'api-key-as-password'],
  ])('asks the directory nothing about a password that is %s', async (_what, password, refusal) => {
    expect(await signIn('alice', password)).toMatchObject({ refusal });
    expect(calls).toEqual([]);
  });

  test('asks the directory nothing about a malformed username', async () => {
    expect(await signIn('alice\0', 'right')).toMatchObject({ refusal: 'malformed-username' });
    expect(calls).toEqual([]);
  });

  test('refuses a person without an email before any bind', async () => {
    expect(await signIn('mute', 'right')).toMatchObject({ refusal: 'no-email' });
    expect(directory.binds()).toBe(0);
  });

  test.each([
    ['an email', 'alice@example.org', true],
    ['an email in another case', ' Alice@EXAMPLE.org', true],
    ['a login name', 'alice', false],
    ['a login name that reads as an email', 'eve@example.org', false],
  ])('finds people by email alone where one is demanded: %s', async (_what, username, isFound) => {
    const verdict = await build({}, true)(attempt(username, 'right'));
    expect('principal' in verdict).toBe(isFound);
    expect(directory.binds()).toBe(isFound ? 1 : 0);
    if (!isFound) expect(verdict).toMatchObject({ refusal: 'unknown-user' });
  });

  test('says whom a refusal is about only where a directory knows the name', async () => {
    expect(await signIn('alice', 'wrong')).toMatchObject({ refusal: 'wrong-password', principal: alice });
    expect(await signIn('nobody', 'wrong')).not.toHaveProperty('principal');
  });

  test('forgets the failures after a success', async () => {
    for (let failure = 1; failure < ATTEMPTS; failure++) await signIn('alice', 'wrong');
    await signIn('alice', 'right');
    await until('the failures are forgotten', async () => {
      const remaining = await left();
      await counter.release('name:digest of alice');
      return remaining === ATTEMPTS;
    });
  });

  test('lets every spelling of one person share one budget', async () => {
    for (const spelling of ['alice', 'ALICE@example.org', ' alice ', 'Alice', 'alice@EXAMPLE.org']) {
      await signIn(spelling, 'wrong');
    }
    expect(await signIn('alice@example.org', 'right')).toMatchObject({ refusal: 'attempts-spent' });
    expect(directory.binds()).toBe(ATTEMPTS);
  });

  test('gives fifty guesses at once no more binds than the budget', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, (_, guess) => signIn('alice', `wrong ${guess}`)),
    );
    expect(directory.binds()).toBe(ATTEMPTS);
    expect(verdicts.filter((one) => 'refusal' in one && one.refusal === 'attempts-spent')).toHaveLength(45);
  });

  test('counts against the name where another name of the person has spent the budget', async () => {
    for (let failure = 0; failure < ATTEMPTS; failure++) await signIn('alice@example.org', 'wrong');
    await signIn('alice', 'wrong');
    expect(await left()).toBe(ATTEMPTS - 1);
  });

  test.each(['find', 'verifyPassword'] as const)('counts nothing when %s does not answer', async (call) => {
    const away = async (): Promise<never> => {
      throw new Unavailable('directory', 'away');
    };
    await expect(build({ [call]: away })(attempt('alice', 'right'))).rejects.toThrow(Unavailable);
    expect(await left()).toBe(ATTEMPTS);
  });

  test('counts nothing where the caller does not admit the attempt', async () => {
    await expect(signIn('alice', 'right', () => Promise.reject(new Error('not from there')))).rejects.toThrow(
      'not from there',
    );
    expect(calls).toEqual([]);
    expect(await left()).toBe(ATTEMPTS);
  });

  test.each([
    'account-disabled',
    'account-expired',
    'account-inactivated',
    'account-locked',
    'password-expired',
    'password-must-change',
    'outside-logon-hours',
    'other-workstation',
    'not-permitted',
  ] as const)('passes on that the directory says %s', async (refusal) => {
    const verdict: Verified = { refusal };
    const authenticate = build({ verifyPassword: async () => verdict });
    expect(await authenticate(attempt('alice', 'right'))).toMatchObject({ refusal, principal: alice });
  });
});
