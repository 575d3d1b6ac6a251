import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHmacSha256, type Digits } from '../../src/keys/hmac-sha-256.ts';

const key = fc.uint8Array({ minLength: 0, maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const bytes = fc.option(key, { nil: undefined });
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 300, maxLength: 2000 }));
const digits = fc.constantFrom<Digits>('hex', 'base64url');

describe('HMAC-SHA-256', () => {
  test('is what OpenSSL gives, for keys and messages of any length', () => {
    fc.assert(
      fc.property(
        key,
        fc.array(fc.tuple(text, bytes, digits), { minLength: 1, maxLength: 8 }),
        (secret, messages) => {
          const hmac = createHmacSha256(secret);
          for (const [message, behind, form] of messages) {
            const expected = createHmac('sha256', secret)
              .update(message)
              .update(behind ?? '');
            expect(hmac(message, behind, form)).toBe(expected.digest(form));
          }
        },
      ),
    );
  });

  test.each([341, 342, 960, 1024, 1088])(
    'is right at the end of the room that lies ready (%i characters)',
    (length) => {
      const secret = Buffer.alloc(32, 7);
      for (const character of ['a', 'é', '€', '\ud800', '😀']) {
        const message = character.repeat(length);
        const expected = createHmac('sha256', secret).update(message).digest('hex');
        expect(createHmacSha256(secret)(message, undefined, 'hex')).toBe(expected);
      }
    },
  );

  test('is the second known answer of RFC 4231', () => {
    const hmac = createHmacSha256(Buffer.from('Jefe'));
    expect(hmac('what do ya want for nothing?', undefined, 'hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
