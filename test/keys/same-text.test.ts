import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createIsSameText } from '../../src/keys/same-text.ts';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((one) => Buffer.from(one).toString('latin1'));

describe('texts of one length', () => {
  test('are the same or not, whatever was compared before', () => {
    const lengths = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        lengths.chain((length) => fc.tuple(fc.constant(length), fc.array(bytes(length), { maxLength: 5 }))),
        ([length, texts]) => {
          const isSame = createIsSameText(length);
          for (const a of texts) {
            for (const b of texts) expect(isSame(a, `${b}`)).toBe(a === b);
            expect(isSame(a, a.slice(0, -1) + (a.endsWith('x') ? 'y' : 'x'))).toBe(false);
          }
        },
      ),
    );
  });

  test('are compared with no other', () => {
    expect(() => createIsSameText(4)('abcd', 'abcde')).toThrow(RangeError);
    expect(() => createIsSameText(4)('abc', 'abcd')).toThrow(RangeError);
  });
});
