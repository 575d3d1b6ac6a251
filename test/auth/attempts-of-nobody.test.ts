import { describe, expect, test } from '@jest/globals';
import { createMemoryAttemptCounter } from '../../src/adapters/memory/attempt-counter.ts';
import { findBudgets } from '../../src/auth/find-budgets.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { alice, attempt, authenticating, BUDGET, names, outcomeOf } from './authenticating.ts';

/** A directory that locks people at five wrong passwords, and knows no other password than wrong ones. */
const directory: Directory = {
  find: async (username) =>
    username === 'alice'
      ? { principal: alice, lockout: { threshold: 5, windowMs: undefined } }
      : { refusal: username === 'two' ? 'ambiguous' : 'unknown-user' },
  verifyPassword: async () => ({ refusal: 'wrong-password' }),
  admit: async (principal) => ({ principal }),
  recheck: async () => 'cannot-tell',
  isUp: () => true,
  countByEmail: async () => 1,
  countByUsername: async () => 1,
  list: async () => [],
  ping: async () => {},
};

describe('a name that stands for nobody', () => {
  test.each(['nobody', 'two'])(
    'has as many attempts as a person, below the lockout too: %s',
    async (name) => {
      const signIn = authenticating(directory);
      const untilSpent = async (username: string): Promise<number> => {
        for (let attempts = 0; ; attempts++) {
          if ((await outcomeOf(signIn(attempt(username, `wrong ${attempts}`)))) === 'attempts-spent')
            return attempts;
        }
      };
      const ofAlice = await untilSpent('alice');
      expect(ofAlice).toBeLessThan(BUDGET.attempts);
      expect(await untilSpent(name)).toBe(ofAlice);
    },
  );

  test('can be given its attempts back', async () => {
    const counter = createMemoryAttemptCounter(Date.now);
    const signIn = authenticating(directory, { counter });
    await signIn(attempt('nobody', 'wrong'));
    const parts = { ...names, directory, canonical: createCanonicalName([]) };
    const { budgets, unknown } = await findBudgets(parts, 'nobody', BUDGET);
    expect(unknown).toBe('unknown-user');
    expect(budgets.map(({ label }) => label)).toEqual(['name nobody', 'nobody by the name nobody']);
    for (const { key } of budgets) {
      expect((await counter.show(key, BUDGET)).strangers.used).toBe(1);
      await counter.clear(key);
      expect((await counter.show(key, BUDGET)).strangers.used).toBe(0);
    }
  });
});
