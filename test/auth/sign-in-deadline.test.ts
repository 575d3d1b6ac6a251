import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createMemoryAttemptCounter } from '../../src/adapters/memory/attempt-counter.ts';
import { createMemoryDirectory } from '../../src/adapters/memory/directory.ts';
import { coalesceSignIns } from '../../src/auth/coalesce.ts';
import { withSignInDeadline } from '../../src/auth/sign-in-deadline.ts';
import { Unavailable } from '../../src/errors.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { until } from '../support/until.ts';
import { alice, attempt, authenticating, BUDGET, names, outcomeOf } from './authenticating.ts';

const WITHIN_MS = 60;
const memory = () => createMemoryDirectory([{ principal: alice, password: 'right' }]);

describe('a sign-in that takes too long', () => {
  test.each(['find', 'verifyPassword', 'admit'] as const)(
    'is unavailable, and counts nothing but where the password was right: %s hangs',
    async (call) => {
      const counter = createMemoryAttemptCounter(Date.now);
      const signals: (AbortSignal | undefined)[] = [];
      const hang = (...args: unknown[]) => {
        const signal = args.find((one) => one instanceof AbortSignal);
        signals.push(signal);
        return new Promise<never>((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
      };
      const directory: Directory = { ...memory(), [call]: hang };
      const limited = withSignInDeadline(authenticating(directory, { counter }), WITHIN_MS);
      const refused = await limited(attempt('alice', 'right')).catch((failure: unknown) => failure);
      expect(refused).toBeInstanceOf(Unavailable);
      expect(refused).toMatchObject({ part: 'directory' });
      expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
      await until('the attempts are given back', async () => {
        const keys = [names.keys.ofName(names.digestName('alice')), names.keys.ofPerson(alice)];
        const shown = await Promise.all(keys.map((key) => counter.show(key, BUDGET)));
        return shown.every(({ strangers }) => strangers.used === 0);
      });
    },
  );

  test('sends no bind once it is given up', async () => {
    const directory = memory();
    const { promise: late, resolve: answer } = Promise.withResolvers<void>();
    const slow: Directory = {
      ...directory,
      async find(username) {
        await late;
        return directory.find(username);
      },
    };
    const limited = withSignInDeadline(authenticating(slow), WITHIN_MS);
    await expect(limited(attempt('alice', 'right'))).rejects.toThrow(Unavailable);
    answer();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(directory.binds()).toBe(0);
  });

  test('is unavailable where the budget does not answer either', async () => {
    const counter = { ...createMemoryAttemptCounter(Date.now), reserve: () => new Promise<never>(() => {}) };
    const limited = withSignInDeadline(authenticating(memory(), { counter }), WITHIN_MS);
    await expect(limited(attempt('alice', 'right'))).rejects.toThrow(Unavailable);
  });

  test('is what it was within the time, and passes on what the caller gives up', async () => {
    const limited = withSignInDeadline(authenticating(memory()), 5000);
    expect(await outcomeOf(limited(attempt('alice', 'right')))).toBe('accepted');
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(limited({ ...attempt('alice', 'right'), signal })).rejects.toThrow('gone');
  });
});

describe('fifty identical right sign-ins at once', () => {
  test('cost one find, one bind and one attempt', async () => {
    const directory = memory();
    let finds = 0;
    let admitted = 0;
    const counted: Directory = {
      ...directory,
      find: async (username, signal) => {
        finds++;
        return directory.find(username, signal);
      },
    };
    const inTime = withSignInDeadline(authenticating(counted), 5000);
    const coalesced = coalesceSignIns(inTime, createSecretKey(Buffer.alloc(32, 2)));
    const admit = async () => void admitted++;
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => outcomeOf(coalesced({ ...attempt('alice', 'right'), admit }))),
    );
    expect(outcomes).toEqual(Array(50).fill('accepted'));
    expect([finds, directory.binds(), admitted]).toEqual([1, 1, 1]);
  });
});
