import { describe, expect, test } from '@jest/globals';
import type { Entry } from 'ldapts';
import { clockAfter, clockOf } from '../../../../src/adapters/ldap/watch/server-clock.ts';
import { generalizedTime } from '../../../../src/adapters/ldap/watch/server-time.ts';
import { type Told, untold } from '../../../../src/adapters/ldap/watch/told.ts';

const noon = Date.UTC(2026, 0, 1, 12);
const changed = (at: number, entryCSN?: string): Entry => ({
  dn: 'uid=alice',
  modifyTimestamp: generalizedTime(at),
  ...(entryCSN !== undefined && { entryCSN }),
});
const none: Told = new Map();

describe("the server's clock", () => {
  test('is set by the newest timestamp that was found', () => {
    const found = [changed(noon + 5000), changed(noon + 9000), changed(noon)];
    const clock = clockAfter(clockOf(noon, 100), found, { asked: 200, answered: 210 });
    expect(clock).toEqual({ time: noon + 9000, at: 210, newest: noon + 9000 });
  });

  test('goes on with our own where nothing newer was found, for ten minutes', () => {
    let clock = clockOf(noon, 0);
    clock = clockAfter(clock, [changed(noon)], { asked: 90_000, answered: 90_010 });
    expect(clock).toEqual({ time: noon + 90_000, at: 90_000, newest: noon });
    clock = clockAfter(clock, [], { asked: 5_000_000, answered: 5_000_010 });
    expect(clock.time).toBe(noon + 600_000);
    clock = clockAfter(clock, [], { asked: 9_000_000, answered: 9_000_010 });
    expect(clock.time).toBe(noon + 600_000);
  });

  test('never goes back', () => {
    const clock = clockAfter(clockOf(noon, 0), [changed(noon - 50_000)], { asked: 0, answered: 1 });
    expect(clock.time).toBe(noon);
  });
});

describe('what has been told', () => {
  test('is told once more where only seconds tell changes apart, when the second is over', () => {
    const entry = changed(noon);
    const first = untold([entry], none, { asked: 0, answered: 10, there: noon });
    const soon = untold([entry], first.told, { asked: 500, answered: 510, there: noon + 500 });
    const later = untold([entry], soon.told, { asked: 1011, answered: 1020, there: noon + 900 });
    const last = untold([entry], later.told, { asked: 1500, answered: 1510, there: noon + 900 });
    expect([first, soon, later, last].map(({ entries }) => entries.length)).toEqual([1, 1, 1, 0]);
  });

  test('is not told again where it was long over on the server when it was first seen', () => {
    const first = untold([changed(noon)], none, { asked: 0, answered: 10, there: noon + 1000 });
    const next = untold([changed(noon)], first.told, { asked: 20, answered: 30, there: noon + 1020 });
    expect(next.entries).toEqual([]);
  });

  test('is told once where each change has a number, and at every change', () => {
    const times = { asked: 0, answered: 10, there: noon };
    const first = untold([changed(noon, 'one')], none, times);
    expect(untold([changed(noon, 'one')], first.told, times).entries).toEqual([]);
    expect(untold([changed(noon, 'two')], first.told, times).entries).toHaveLength(1);
  });
});
