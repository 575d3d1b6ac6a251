import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readGeneralizedTime } from '../../../../src/adapters/ldap/people/generalized-time.ts';

const firstYear = Date.parse('0000-01-01T00:00:00Z');
const lastYear = Date.parse('9999-12-31T23:59:59.999Z');
const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** A date as digits, in UTC, to the second. */
function digitsOf(ms: number): string {
  const date = new Date(ms);
  const year = pad(date.getUTCFullYear(), 4);
  return [
    year,
    pad(date.getUTCMonth() + 1),
    pad(date.getUTCDate()),
    pad(date.getUTCHours()),
    pad(date.getUTCMinutes()),
    pad(date.getUTCSeconds()),
  ].join('');
}

describe('a generalized time', () => {
  test.each([
    ['19700101000000Z', 0],
    ['199412161032Z', Date.UTC(1994, 11, 16, 10, 32)],
    ['199412160532-0500', Date.UTC(1994, 11, 16, 10, 32)],
    ['1994121610Z', Date.UTC(1994, 11, 16, 10)],
    ['1994121610.5Z', Date.UTC(1994, 11, 16, 10, 30)],
    ['199412161032,25+01', Date.UTC(1994, 11, 16, 9, 32, 15)],
    ['20380119031407.9999999Z', Date.UTC(2038, 0, 19, 3, 14, 7, 999)],
    ['20240229120000Z', Date.UTC(2024, 1, 29, 12)],
    ['20161231235960Z', Date.UTC(2017, 0, 1)],
    ['000001010000Z', firstYear],
  ])('is a moment: %s', (text, ms) => {
    expect(readGeneralizedTime(text)).toBe(ms);
  });

  test.each([
    '',
    'never',
    '20240101000000',
    '20240101Z',
    '20240101000000z',
    '20240101000000.Z',
    '20240101000000+1',
    '20240101000000+2400',
    '20240101000000+0060',
    ' 20240101000000Z',
    '20240101000000Z\n',
    '20230229000000Z',
    '20240132000000Z',
    '20241301000000Z',
    '20240001000000Z',
    '20240100000000Z',
    '20240101240000Z',
    '20240101006000Z',
    '20240101000061Z',
    '2024-01-01T00:00:00Z',
    '2024010100000Z',
  ])('is not "%s"', (text) => {
    expect(readGeneralizedTime(text)).toBeUndefined();
  });

  test('is the same moment in every form of it', () => {
    const offset = fc.record({
      sign: fc.constantFrom('+', '-'),
      hours: fc.integer({ min: 0, max: 23 }),
      minutes: fc.option(fc.integer({ min: 0, max: 59 })),
    });
    const second = fc.integer({ min: firstYear / 1000 + 86_400, max: Math.floor(lastYear / 1000) - 86_400 });
    const fraction = fc.record({
      ms: fc.integer({ min: 0, max: 999 }),
      mark: fc.constantFrom('.', ','),
      more: fc.stringMatching(/^\d{0,6}$/),
    });
    const property = fc.property(second, fc.option(fraction), fc.option(offset), (at, part, zone) => {
      const ahead = zone
        ? (zone.sign === '-' ? -1 : 1) * (zone.hours * 60 + (zone.minutes ?? 0)) * 60_000
        : 0;
      const zoneText = zone
        ? `${zone.sign}${pad(zone.hours)}${zone.minutes === null ? '' : pad(zone.minutes)}`
        : 'Z';
      const fractionText = part ? `${part.mark}${pad(part.ms, 3)}${part.more}` : '';
      const text = `${digitsOf(at * 1000 + ahead)}${fractionText}${zoneText}`;
      expect(readGeneralizedTime(text)).toBe(at * 1000 + (part?.ms ?? 0));
    });
    fc.assert(property);
  });

  test('is never read out of anything else', () => {
    const anything = fc.oneof(fc.string(), fc.stringMatching(/^[0-9Z+.,-]{0,24}$/));
    const property = fc.property(anything, (text) => {
      const read = readGeneralizedTime(text);
      if (read !== undefined) expect(text).toMatch(/^\d{10,14}([.,]\d+)?(Z|[+-]\d{2}(\d{2})?)$/);
    });
    fc.assert(property);
  });
});
