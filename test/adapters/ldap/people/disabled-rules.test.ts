import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountState, type DisabledRule } from '../../../../src/adapters/ldap/people/disabled-rules.ts';

const now = Date.UTC(2026, 10, 24, 12);
const today = Math.floor(now / 86_400_000);
const judge = (rule: DisabledRule, value: string | string[] | Buffer, at = now) =>
  accountState({ dn: 'uid=x', held: value }, { held: rule }, at);
const unreadable = { unreadable: 'held' };

/** The moment as Windows counts it. */
const fileTime = (ms: number) => String((BigInt(ms) + 11_644_473_600_000n) * 10_000n);

describe('an account', () => {
  test.each([
    ['accountDisable', '514', 'disabled'],
    ['accountDisable', '2', 'disabled'],
    ['accountDisable', '66050', 'disabled'],
    ['accountDisable', '-2147483134', 'disabled'],
    ['accountDisable', '512', 'active'],
    ['accountDisable', '0', 'active'],
    ['accountDisable', '66048', 'active'],
    ['true', 'TRUE', 'disabled'],
    ['true', 'true', 'disabled'],
    ['true', 'FALSE', 'active'],
    ['true', 'False', 'active'],
    ['lockedForEver', '000001010000Z', 'disabled'],
    ['lockedForEver', '00000101000000Z', 'disabled'],
    ['lockedForEver', '20240101000000Z', 'active'],
    ['fileTime', '0', 'active'],
    ['fileTime', '9223372036854775807', 'active'],
    ['fileTime', '9223372036854775806', 'active'],
    ['fileTime', '1', 'disabled'],
    ['fileTime', '132223104000000000', 'disabled'],
    ['fileTime', fileTime(now), 'disabled'],
    ['fileTime', fileTime(now + 1), 'active'],
    ['daysSince1970', '-1', 'active'],
    ['daysSince1970', '18000', 'disabled'],
    ['daysSince1970', '0', 'disabled'],
    ['daysSince1970', String(today), 'disabled'],
    ['daysSince1970', String(today + 1), 'active'],
    ['generalizedTime', '20200101000000Z', 'disabled'],
    ['generalizedTime', '20261124120000Z', 'disabled'],
    ['generalizedTime', '20261124120001Z', 'active'],
    ['generalizedTime', '20261124130000+0100', 'disabled'],
    ['generalizedTime', '20380101000000Z', 'active'],
  ] as const)('by %s, with %s, is %s', (rule, value, state) => {
    expect(judge(rule, value)).toBe(state);
    expect(judge(rule, Buffer.from(value))).toBe(state);
  });

  test.each([
    ['accountDisable', ['', 'x', '0x202', '5.5', '1e3', ' 514', '99999999999']],
    ['true', ['', 'yes', '1', 'TRUE ', 'constructor', '__proto__']],
    ['lockedForEver', ['', '0000', 'for ever', '000001010000']],
    ['fileTime', ['', '-1', '0x0', '9223372036854775808', '1e18', 'never']],
    ['daysSince1970', ['', 'never', '1.5', '99999999999']],
    ['generalizedTime', ['', 'never', '2020', '20200101000000']],
  ] as const)('by %s is never taken for active where the value cannot be read', (rule, values) => {
    for (const value of values) expect([value, judge(rule, value)]).toEqual([value, unreadable]);
  });

  test.each([
    ['terminated', 'terminated', 'disabled'],
    ['terminated', ' Terminated ', 'disabled'],
    ['Geändert', 'gea\u0308ndert', 'disabled'],
    ['terminated', 'terminated later', 'active'],
    ['terminated', '', 'active'],
    [['gone', 'on leave'], 'ON LEAVE', 'disabled'],
    [['gone', 'on leave'], ['active', 'gone'], 'disabled'],
    [['gone', 'on leave'], ['active', 'new'], 'active'],
  ] as const)('by a value of one’s own, %j, with %j, is %s', (equals, value, state) => {
    expect(judge({ equals }, [value].flat())).toBe(state);
  });

  test('is judged by the last rule for an attribute, by whichever name, and by none where that is none', () => {
    const entry = { dn: 'uid=x', nsAccountLock: 'TRUE', employeeType: 'gone' };
    const of = (rules: Readonly<Record<string, DisabledRule>>) => accountState(entry, rules, now);
    expect(of({ nsAccountLock: 'true', NSACCOUNTLOCK: 'none' })).toBe('active');
    expect(of({ nsAccountLock: 'none' })).toBe('active');
    expect(of({ nsAccountLock: 'none', nsaccountlock: 'true' })).toBe('disabled');
    expect(of({ nsAccountLock: 'none', '2.16.840.1.113730.3.1.4': { equals: 'gone' } })).toBe('disabled');
  });

  test('is active where the entry says nothing', () => {
    const rules = { userAccountControl: 'accountDisable', accountExpires: 'fileTime' } as const;
    expect(accountState({ dn: 'uid=x' }, rules, now)).toBe('active');
    expect(accountState({ dn: 'uid=x', userAccountControl: [], accountExpires: [] }, rules, now)).toBe(
      'active',
    );
    expect(accountState({ dn: 'uid=x', nsAccountLock: 'TRUE' }, {}, now)).toBe('active');
  });

  test('is disabled by any of several rules and any of several values, in any order', () => {
    const rules = { nsAccountLock: 'true', shadowExpire: 'daysSince1970' } as const;
    const of = (nsAccountLock: string | string[], shadowExpire: string | string[]) =>
      accountState({ dn: 'uid=x', nsAccountLock, shadowExpire }, rules, now);
    expect(of('FALSE', '18000')).toBe('disabled');
    expect(of('TRUE', '-1')).toBe('disabled');
    expect(of(['FALSE', 'true'], [])).toBe('disabled');
    expect(of('unclear', '18000')).toBe('disabled');
    expect(of('unclear', '-1')).toEqual({ unreadable: 'nsAccountLock' });
    expect(of('FALSE', ['-1', 'unclear'])).toEqual({ unreadable: 'shadowExpire' });
    expect(of('FALSE', '-1')).toBe('active');
  });

  test('is judged by an attribute in whatever case the server writes its name', () => {
    const entry = { dn: 'uid=x', NSACCOUNTLOCK: 'TRUE' };
    expect(accountState(entry, { nsAccountLock: 'true' }, now)).toBe('disabled');
  });

  test('has expired from a moment on, however it is counted', () => {
    const moment = fc.integer({ min: 1, max: 253_402_300_799 }).map((second) => second * 1000);
    const property = fc.property(moment, (expires) => {
      const iso = new Date(expires).toISOString();
      const generalized = `${iso.slice(0, 19).replaceAll(/\D/g, '')}Z`;
      for (const [rule, value] of [
        ['fileTime', fileTime(expires)],
        ['generalizedTime', generalized],
      ] as const) {
        expect(judge(rule, value, expires - 1)).toBe('active');
        expect(judge(rule, value, expires)).toBe('disabled');
        expect(judge(rule, value, expires + 0.5)).toBe('disabled');
      }
    });
    fc.assert(property);
  });

  test('has expired from a day on', () => {
    const property = fc.property(fc.integer({ min: 0, max: 2_000_000 }), (day) => {
      expect(judge('daysSince1970', String(day), day * 86_400_000 - 1)).toBe('active');
      expect(judge('daysSince1970', String(day), day * 86_400_000)).toBe('disabled');
    });
    fc.assert(property);
  });

  test('is disabled by one bit, whatever the others are', () => {
    const property = fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (bits) => {
      expect(judge('accountDisable', String(bits | 2))).toBe('disabled');
      expect(judge('accountDisable', String(bits & ~2))).toBe('active');
    });
    fc.assert(property);
  });
});
