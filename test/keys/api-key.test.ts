import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deriveApiKey, isDerivedFrom, MAX_ACCOUNT_ID, recogniseApiKey } from '../../src/keys/api-key.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { accountId, nonce, secretBytes } from './arbitraries.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('an API key', () => {
  test('is the known answer of docs/adr/0001', () => {
    const ring = createSecretRing([Buffer.alloc(32, 7)]);
    expect(ring.current.id).toBe('ee353224');
    expect(deriveApiKey(ring.current, 28_270_124, '000102030405060708090a0b0c0d0e0f')).toBe(
      'xqzK5SCljzSjvkeyCrzdLX01ucLkFbdk',
    );
  });

  test('is 32 characters of [A-Za-z0-9] that carry the account id', () => {
    fc.assert(
      fc.property(secretBytes, accountId, nonce, (secret, id, salt) => {
        const ring = createSecretRing([secret]);
        const key = deriveApiKey(ring.current, id, salt);
        expect(key).toMatch(/^[A-Za-z0-9]{32}$/);
        expect(recogniseApiKey(ring, key)?.accountId).toBe(id);
        expect(deriveApiKey(ring.current, id, salt)).toBe(key);
      }),
    );
  });

  test('is another for another account, nonce or secret', () => {
    fc.assert(
      fc.property(secretBytes, accountId, accountId, nonce, nonce, (secret, a, b, salt, other) => {
        fc.pre(a !== b && salt !== other);
        const [one, two] = [secret, Buffer.concat([secret, Buffer.of(1)])].map(
          (bytes) => createSecretRing([bytes]).current,
        );
        if (!one || !two) throw new Error('a ring without a secret');
        const keys = [
          deriveApiKey(one, a, salt),
          deriveApiKey(one, b, salt),
          deriveApiKey(one, a, other),
          deriveApiKey(one, b, other),
          deriveApiKey(two, a, salt),
        ];
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('stays good whatever secrets join the ring, before or behind its own', () => {
    fc.assert(
      fc.property(
        secretBytes,
        fc.array(secretBytes, { maxLength: 4 }),
        fc.nat(4),
        accountId,
        nonce,
        (own, others, at, id, salt) => {
          const key = deriveApiKey(createSecretRing([own]).current, id, salt);
          const position = Math.min(at, others.length);
          const ring = createSecretRing(others.toSpliced(position, 0, own));
          expect(recogniseApiKey(ring, key)?.accountId).toBe(id);
        },
      ),
    );
  });

  test("with one character changed is refused by its tag, but for the rate that the tag's size predicts", () => {
    const ring = createSecretRing([randomBytes(32)]);
    let tried = 0;
    let slipped = 0;
    for (let round = 0; round < 25; round++) {
      const key = deriveApiKey(ring.current, 1 + round, randomBytes(16).toString('hex'));
      for (let at = 0; at < key.length; at++) {
        for (const character of ALPHABET) {
          if (character === key[at]) continue;
          tried++;
          if (recogniseApiKey(ring, key.slice(0, at) + character + key.slice(at + 1)) !== undefined)
            slipped++;
        }
      }
    }
    // 62^4 tags: 48,800 changed keys let 0.003 slip through on average; three would be a chance of one in 10^8.
    expect(tried).toBe(25 * 32 * 61);
    expect(slipped).toBeLessThan(3);
  });

  test('refuses an account id or a nonce of the wrong width', () => {
    const { current } = createSecretRing([Buffer.alloc(32, 1)]);
    expect(() => deriveApiKey(current, MAX_ACCOUNT_ID + 1, '00'.repeat(16))).toThrow(RangeError);
    expect(() => deriveApiKey(current, 1, '00'.repeat(15))).toThrow(RangeError);
    expect(() => deriveApiKey(current, 1, 'zz'.repeat(16))).toThrow(RangeError);
  });

  test('is not recognised in any text that is no key', () => {
    const ring = createSecretRing([Buffer.alloc(32, 1)]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (text) => {
        expect(recogniseApiKey(ring, text)).toBeUndefined();
      }),
    );
  });

  test('is derived from its own nonce and from no other', () => {
    fc.assert(
      fc.property(secretBytes, accountId, nonce, nonce, (secret, id, salt, other) => {
        fc.pre(salt !== other);
        const ring = createSecretRing([secret]);
        const recognised = recogniseApiKey(ring, deriveApiKey(ring.current, id, salt));
        if (!recognised) throw new Error('a key of the ring is recognised');
        expect(recognised.secret).toBe(ring.current);
        expect(isDerivedFrom(recognised, salt)).toBe(true);
        expect(isDerivedFrom(recognised, other)).toBe(false);
      }),
    );
  });
});
