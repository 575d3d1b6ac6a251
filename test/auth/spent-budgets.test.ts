import { describe, expect, test } from '@jest/globals';
import { createMemoryAttemptCounter } from '../../src/adapters/memory/attempt-counter.ts';
import { findBudgets } from '../../src/auth/find-budgets.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { alice, attempt, authenticating, BUDGET, names } from './authenticating.ts';

const KNOWN = ['alice', 'alice@example.org', 'second', 'third@example.org'];

/** A directory that locks people as said, knows alice by several names, and no other password than `right`. */
function locking(threshold: number | undefined) {
  let binds = 0;
  const lockout = threshold === undefined ? {} : { lockout: { threshold, windowMs: undefined } };
  const directory: Directory = {
    find: async (username) =>
      KNOWN.includes(username)
        ? { principal: alice, ...lockout }
        : { refusal: username === 'two' ? 'ambiguous' : 'unknown-user' },
    async verifyPassword(_, password) {
      binds += 1;
      return password === 'right' ? { principal: alice } : { refusal: 'wrong-password' };
    },
    admit: async (principal) => ({ principal }),
    recheck: async () => 'cannot-tell',
    isUp: () => true,
    countByEmail: async () => 1,
    countByUsername: async () => 1,
    list: async () => [],
    ping: async () => {},
  };
  return { directory, binds: () => binds };
}

/** What the client is told of an attempt: whether it must wait, and the budget in the headers. */
type Told = { isToWait: boolean; limit: number | undefined; remaining: number | undefined };

/** Seven attempts by a name. */
async function seven(signIn: ReturnType<typeof authenticating>, username: string): Promise<Told[]> {
  const told = [];
  for (let time = 0; time < 7; time += 1) {
    const verdict = await signIn(attempt(username, `wrong ${time}`));
    const { limit, remaining } = verdict.budget ?? {};
    told.push({ isToWait: 'refusal' in verdict && verdict.retryAfterMs !== undefined, limit, remaining });
  }
  return told;
}

describe('a budget that is spent', () => {
  test.each([undefined, 2, 3, 5, 100])(
    'tells nobody which names are known, and which are of one person: a lockout at %s',
    async (threshold) => {
      const { directory, binds } = locking(threshold);
      const signIn = authenticating(directory);
      const ofNobody = await seven(signIn, 'nobody');
      expect(ofNobody.map(({ isToWait }) => isToWait)).toEqual([...Array(5).fill(false), true, true]);
      for (const name of [...KNOWN, 'two'])
        expect([name, await seven(signIn, name)]).toEqual([name, ofNobody]);
      expect(binds()).toBeLessThanOrEqual(Math.min(BUDGET.attempts, (threshold ?? 100) - 1));
    },
  );

  test('of a person is told to the log alone, by another name of theirs, the right password too', async () => {
    const { directory, binds } = locking(undefined);
    const signIn = authenticating(directory);
    await seven(signIn, 'alice');
    const before = binds();
    const verdict = await signIn(attempt('alice@example.org', 'right'));
    expect(verdict).toMatchObject({ refusal: 'attempts-spent', principal: alice, budget: { remaining: 4 } });
    expect(verdict).not.toHaveProperty('retryAfterMs');
    expect(binds()).toBe(before);
  });

  test('of a name that is nobody’s can be given back', async () => {
    const counter = createMemoryAttemptCounter(Date.now);
    const { directory } = locking(5);
    await authenticating(directory, { counter })(attempt('nobody', 'wrong'));
    const parts = { ...names, directory, canonical: createCanonicalName([]) };
    const { budgets, unknown } = await findBudgets(parts, 'nobody', BUDGET);
    expect(unknown).toBe('unknown-user');
    expect(budgets.map(({ label }) => label)).toEqual(['name nobody']);
    for (const { key } of budgets) {
      expect((await counter.show(key, BUDGET)).strangers.used).toBe(1);
      await counter.clear(key);
      expect((await counter.show(key, BUDGET)).strangers.used).toBe(0);
    }
  });
});
