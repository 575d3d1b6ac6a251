import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { base62, base62Integer, base62OfHash, parseBase62 } from '../../src/keys/base62.ts';

describe('base62', () => {
  test('counts as its alphabet does: digits, upper case, lower case', () => {
    expect([0, 9, 10, 35, 36, 61, 62].map((value) => base62Integer(value, 2))).toEqual([
      ...['00', '09', '0A', '0Z', '0a', '0z', '10'],
    ]);
  });

  test('gives every integer back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 62 ** 6 - 1 }), (value) => {
        expect(parseBase62(base62Integer(value, 6))).toBe(value);
      }),
    );
  });

  test('refuses integers that do not fit', () => {
    expect(() => base62Integer(62 ** 6, 6)).toThrow(RangeError);
    expect(() => base62Integer(-1, 6)).toThrow(RangeError);
    expect(() => base62Integer(1.5, 6)).toThrow(RangeError);
  });

  test('refuses characters that are no digits', () => {
    expect(parseBase62('a-b')).toBeUndefined();
    expect(parseBase62('é')).toBeUndefined();
  });

  test('takes the low digits of a long number, as a plain big-integer division does', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.integer({ min: 1, max: 40 }),
        (bytes, width) => {
          const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
          let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
          let expected = '';
          for (let digit = 0; digit < width; digit++) {
            expected = digits.charAt(Number(rest % 62n)) + expected;
            rest /= 62n;
          }
          expect(base62(Buffer.from(bytes).toString('hex'), width)).toBe(expected);
        },
      ),
    );
  });

  test('takes the last four digits of a hash as it does of any number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const hash = Buffer.from(bytes);
        expect(base62OfHash(hash.toString('binary'))).toBe(base62(hash.toString('hex'), 4));
      }),
    );
    expect(base62OfHash('\xff'.repeat(32))).toBe(base62('ff'.repeat(32), 4));
  });
});
