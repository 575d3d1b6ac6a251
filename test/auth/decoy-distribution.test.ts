import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryDirectory } from '../../src/adapters/memory/directory.ts';
import type { Authenticate } from '../../src/auth/authenticate.ts';
import { createDecoy, type Decoy } from '../../src/auth/decoy.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { alice, attempt, authenticating, outcomeOf } from './authenticating.ts';

const TIMES = 400;
/** Two samples of 400 of one distribution differ by more than this once in a thousand times. */
const SAME = 0.14;
const MANY = { attempts: 100_000, windowMs: 60_000 };

/** Numbers from 0 up to 1, the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The largest distance between two empirical distributions (Kolmogorov–Smirnov). */
function distance(one: readonly number[], other: readonly number[]): number {
  const share = (sample: readonly number[], upTo: number) =>
    sample.filter((value) => value <= upTo).length / sample.length;
  return Math.max(...[...one, ...other].map((at) => Math.abs(share(one, at) - share(other, at))));
}

describe('the time of a refusal', () => {
  let now: number;
  let random: () => number;
  let decoy: Decoy;
  let directory: Directory;

  beforeEach(() => {
    now = 0;
    random = seeded(20_261_124);
    decoy = createDecoy({
      now: () => now,
      random,
      sleep: async (ms) => {
        now += ms + random();
      },
      nextTurn: async () => {
        now += 0.02;
      },
    });
    const people = createMemoryDirectory([
      { principal: alice, password: 'right' },
      { principal: { ...alice, entryId: 'e2', username: 'mute', emails: [] }, password: 'right' },
    ]);
    directory = {
      ...people,
      find: async (username) => {
        now += 1 + random();
        return people.find(username);
      },
      // Two kinds of answers: most are quick, some wait behind others.
      verifyPassword: async (person, password) => {
        now += random() < 0.8 ? 4 + 3 * random() : 20 + 30 * random();
        return people.verifyPassword(person, password);
      },
    };
  });

  const timesOf = async (authenticate: Authenticate, username: string) => {
    const took = async (name: string, password: string) => {
      const begun = now;
      await authenticate(attempt(name, password));
      return now - begun;
    };
    const times = { wrong: [] as number[], other: [] as number[] };
    for (let time = 0; time < TIMES; time++) {
      // By turns, so that there are recent binds, as there are in a service that is used.
      times.wrong.push(await took('alice', `wrong ${time}`));
      times.other.push(await took(username, 'wrong'));
    }
    return times;
  };

  test.each(['nobody', 'mute'])('of %s is that of a wrong password', async (username) => {
    const { wrong, other } = await timesOf(authenticating(directory, { decoy, budget: MANY }), username);
    expect(distance(wrong, other)).toBeLessThan(SAME);
  });

  test('would tell them apart without the decoy', async () => {
    const none = { ...decoy, pass: async () => {} };
    const { wrong, other } = await timesOf(
      authenticating(directory, { decoy: none, budget: MANY }),
      'nobody',
    );
    expect(distance(wrong, other)).toBeGreaterThan(0.9);
  });

  test('is that of a wrong password where the attempts of the person are spent', async () => {
    const authenticate = authenticating(directory, { decoy, budget: { attempts: 3, windowMs: 60_000 } });
    for (let time = 0; time < 3; time++) await authenticate(attempt('alice', `wrong ${time}`));
    const begun = now;
    expect(await outcomeOf(authenticate(attempt('alice@example.org', 'wrong')))).toBe('attempts-spent');
    expect(now - begun).toBeGreaterThan(5);
  });

  test.each([
    ['a malformed name', 'nobody\0', 'wrong'],
    ['a malformed password', 'nobody', ' '],
  ])('waits for nothing with %s', async (_what, username, password) => {
    const authenticate = authenticating(directory, { decoy, budget: MANY });
    await authenticate(attempt('alice', 'wrong'));
    const begun = now;
    await authenticate(attempt(username, password));
    expect(now).toBe(begun);
  });
});
