import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Authenticate, SignInAttempt, SignInVerdict } from '../../src/auth/authenticate.ts';
import { coalesceSignIns } from '../../src/auth/coalesce.ts';
import { attempt } from './authenticating.ts';

const verdict = { refusal: 'wrong-password' } as SignInVerdict;

type Pair = [username: string, password: string];

/** An Authenticate that answers when it is told to, and what it was asked. */
function held() {
  const asked: SignInAttempt[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<SignInVerdict>();
  const authenticate: Authenticate = (attempt) => {
    asked.push(attempt);
    return promise;
  };
  return {
    asked,
    resolve,
    reject,
    coalesced: coalesceSignIns(authenticate, createSecretKey(Buffer.alloc(32, 3))),
  };
}

describe('identical sign-ins at once', () => {
  test('are one, and all get its verdict', async () => {
    const { asked, resolve, coalesced } = held();
    const all = Array.from({ length: 50 }, () => coalesced(attempt('alice', 'right')));
    resolve(verdict);
    expect(new Set(await Promise.all(all))).toEqual(new Set([verdict]));
    expect(asked).toHaveLength(1);
  });

  test('fail together', async () => {
    const { asked, reject, coalesced } = held();
    const all = [coalesced(attempt('alice', 'right')), coalesced(attempt(' alice', 'right'))];
    reject(new Error('away'));
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toHaveLength(1);
  });

  test('are not remembered once they are answered', async () => {
    const { asked, resolve, coalesced } = held();
    resolve(verdict);
    await coalesced(attempt('alice', 'right'));
    await coalesced(attempt('alice', 'right'));
    expect(asked).toHaveLength(2);
  });

  test.each<[string, Pair, Pair]>([
    ['another password', ['alice', 'right'], ['alice', 'Right']],
    ['another name', ['alice', 'right'], ['alicia', 'right']],
    ['the same in another domain', ['A\\alice', 'right'], ['B\\alice', 'right']],
    ['another spelling', ['groß', 'right'], ['gross', 'right']],
    ['the same letters in all', ['alice', '1:b'], ['alice1', ':b']],
    ['a malformed name', ['alice\0', 'right'], ['alice\0', 'right']],
  ])('are not those with %s', async (_what, one, other) => {
    const { asked, resolve, coalesced } = held();
    const both = [coalesced(attempt(...one)), coalesced(attempt(...other))];
    resolve(verdict);
    await Promise.all(both);
    expect(asked).toHaveLength(2);
  });
});
