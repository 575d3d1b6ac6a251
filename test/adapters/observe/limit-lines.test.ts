import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLineLimit, type LeftOut } from '../../../src/adapters/observe/limit-lines.ts';
import type { RequestLine } from '../../../src/ports/log.ts';

const lineOf = (outcome: string, who: Pick<RequestLine, 'userId' | 'address'> = {}): RequestLine => ({
  ...who,
  requestId: '11111111-2222-4333-8444-555555555555',
  method: 'GET',
  path: '/verify',
  status: 401,
  ms: 0.1,
  outcome,
});

describe('a limit of lines', () => {
  let told: LeftOut[];
  let limit: ReturnType<typeof createLineLimit>;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    limit = createLineLimit(2, (leftOut) => told.push(leftOut));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const admitted = (outcome: string, times: number) =>
    Array.from({ length: times }, () => limit.admits(lineOf(outcome))).filter(Boolean).length;

  test('admits so many of each outcome in a second, and tells of the others when it is over', () => {
    expect(admitted('unknown-key', 5)).toBe(2);
    expect(admitted('accepted', 2)).toBe(2);
    jest.advanceTimersByTime(999);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual([{ path: '/verify', outcome: 'unknown-key', count: 3 }]);
  });

  test('begins anew with each second', () => {
    admitted('accepted', 3);
    jest.advanceTimersByTime(1000);
    expect(admitted('accepted', 3)).toBe(2);
    jest.advanceTimersByTime(5000);
    expect(told.map(({ count }) => count)).toEqual([1, 1]);
  });

  test('tells of each line that it left out once, at the end too', () => {
    admitted('accepted', 6);
    limit.tell();
    limit.tell();
    jest.advanceTimersByTime(5000);
    expect(told.map(({ count }) => count)).toEqual([4]);
  });

  test('admits the first line of each account in each second, and counts the others by account', () => {
    const of = (userId: number) => limit.admits(lineOf('accepted', { userId }));
    expect([1, 1, 1, 2, 2, 3, 1].map(of)).toEqual([true, true, false, true, false, true, false]);
    jest.advanceTimersByTime(1000);
    expect(told).toEqual([
      { path: '/verify', outcome: 'accepted', userId: 1, count: 2 },
      { path: '/verify', outcome: 'accepted', userId: 2, count: 1 },
    ]);
    expect([1, 2, 3].map(of)).toEqual([true, true, true]);
  });

  test('hides no account behind as many as can ask, nor behind refusals', () => {
    for (let time = 0; time < 50_000; time += 1) limit.admits(lineOf('accepted', { userId: 1 }));
    for (let time = 0; time < 50_000; time += 1)
      limit.admits(lineOf('unknown-key', { address: '192.0.2.1' }));
    const others = Array.from({ length: 10_000 }, (_, at) =>
      limit.admits(lineOf('accepted', { userId: at + 2 })),
    );
    expect(new Set(others)).toEqual(new Set([true]));
  });

  test('admits a refusal of as many addresses as lines, and counts the others together', () => {
    const from = (address: string) => limit.admits(lineOf('unknown-key', { address }));
    expect(['a', 'a', 'b', 'a', 'c', 'c', 'd'].map(from)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    jest.advanceTimersByTime(1000);
    expect(told).toEqual([{ path: '/verify', outcome: 'unknown-key', count: 4 }]);
  });
});
