import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryDirectory } from '../../src/adapters/memory/directory.ts';
import type { Authenticate } from '../../src/auth/authenticate.ts';
import type { Directory, Verified } from '../../src/ports/directory.ts';
import { alice, attempt, authenticating, type Differing, outcomeOf } from './authenticating.ts';

describe('somebody whose entry can be read only as themselves', () => {
  let calls: string[];

  beforeEach(() => {
    calls = [];
  });

  const build = (accepted: Verified = { principal: alice }, differing: Differing = {}): Authenticate => {
    const directory: Directory = {
      ...createMemoryDirectory([]),
      find: async (username) => ({
        unread: { directoryId: 'default', bindName: `uid=${username},ou=people`, username },
      }),
      verifyPassword: async (_person, password) => {
        calls.push('verifyPassword');
        return password === 'right' ? accepted : { refusal: 'wrong-password' };
      },
    };
    const readKept = async () => {
      calls.push('readKept');
      return { id: 42, account: undefined };
    };
    return authenticating(directory, { readKept, ...differing });
  };

  test('comes in, and the account is read after the bind', async () => {
    expect(await build()(attempt('alice', 'right'))).toMatchObject({ principal: alice, kept: { id: 42 } });
    expect(calls).toEqual(['verifyPassword', 'readKept']);
  });

  test.each([
    ['is disabled', { principal: alice, isDisabled: true }, 'account-disabled'],
    ['has no email', { principal: { ...alice, emails: [] } }, 'no-email'],
  ] satisfies [string, Verified, string][])(
    'is refused after the bind who %s',
    async (_what, verified, refusal) => {
      expect(await outcomeOf(build(verified)(attempt('alice', 'right')))).toBe(refusal);
      expect(calls).toEqual(['verifyPassword']);
    },
  );

  test.each([
    ['alice', 'unknown-user'],
    ['alice@example.org', 'accepted'],
  ])('must have typed an email where one is demanded: %s', async (username, outcome) => {
    const authenticate = build({ principal: alice }, { requireEmail: true });
    expect(await outcomeOf(authenticate(attempt(username, 'right')))).toBe(outcome);
  });

  test('has one budget for all spellings of one bind name, and another has their own', async () => {
    const authenticate = build();
    // Under names of their own that are all one DN: only the person's budget can be what is spent.
    const spellings = ['alice', 'ALICE', 'Alice', 'aLICE', 'ａlice'];
    for (const one of spellings) await authenticate(attempt(one, 'wrong'));
    expect(calls).toHaveLength(5);
    expect(await outcomeOf(authenticate(attempt('alice', 'right')))).toBe('attempts-spent');
    expect(await outcomeOf(authenticate(attempt('bob', 'right')))).toBe('accepted');
  });

  test('whose name is escaped in a DN shares no budget with others of that kind', async () => {
    const authenticate = build();
    for (let time = 0; time < 5; time++) await authenticate(attempt('doe\\, john', `wrong ${time}`));
    expect(await outcomeOf(authenticate(attempt('poe\\, jane', 'right')))).toBe('accepted');
  });
});
