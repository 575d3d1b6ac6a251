import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deriveApiKey } from '../../src/keys/api-key.ts';
import { createRecogniseKey } from '../../src/keys/recognise-key.ts';
import { createSecretRing, type Secret } from '../../src/keys/secret-ring.ts';
import type { Account } from '../../src/ports/account-store.ts';
import { sampleAccount } from '../adapters/account-store-contract.ts';
import { accountId, nonce, secretBytes } from './arbitraries.ts';

function accountWith(id: number, secret: Secret, keyNonce: string): Account {
  return { ...sampleAccount(id), key: { nonce: keyNonce, secretId: secret.id, mintedAt: 1 } };
}

/** The key with another last character: its tag is wrong. */
const forged = (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');

describe('a key that is recognised', () => {
  test('is the account’s or not, whatever was found of it and of others before', () => {
    const presented = fc.array(fc.constantFrom('own', 'former', 'forged', 'of another'), { maxLength: 12 });
    fc.assert(
      fc.property(
        secretBytes,
        accountId,
        accountId,
        nonce,
        nonce,
        presented,
        (bytes, id, other, now, past, kinds) => {
          fc.pre(id !== other && now !== past);
          const ring = createSecretRing([bytes]);
          const recognise = createRecogniseKey(ring);
          const account = accountWith(id, ring.current, now);
          const own = deriveApiKey(ring.current, id, now);
          const texts = {
            own,
            former: deriveApiKey(ring.current, id, past),
            forged: forged(own),
            'of another': deriveApiKey(ring.current, other, now),
          };
          for (const kind of kinds) {
            const isKeyOf = recognise(texts[kind as keyof typeof texts], account);
            expect(isKeyOf === undefined).toBe(kind === 'forged');
            expect(isKeyOf?.(account) ?? false).toBe(kind === 'own');
          }
        },
      ),
    );
  });

  test('is judged anew by a record that was read since', () => {
    const ring = createSecretRing([Buffer.alloc(32, 1)]);
    const recognise = createRecogniseKey(ring);
    const near = accountWith(1, ring.current, 'a'.repeat(32));
    const key = deriveApiKey(ring.current, 1, 'a'.repeat(32));
    expect(recognise(key, near)?.(near)).toBe(true);
    const isKeyOf = recognise(key, near);
    expect(isKeyOf?.(near)).toBe(true);
    expect(isKeyOf?.({ ...near })).toBe(true);
    expect(isKeyOf?.(accountWith(1, ring.current, 'b'.repeat(32)))).toBe(false);
    expect(isKeyOf?.({ ...near, key: undefined })).toBe(false);
    expect(recognise(key, accountWith(1, ring.current, 'b'.repeat(32)))?.(near)).toBe(true);
  });

  test('is of the secret that its account was given it by', () => {
    const ring = createSecretRing([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]);
    const [first, second] = ring.secrets as [Secret, Secret];
    const account = accountWith(1, second, 'a'.repeat(32));
    const recognise = createRecogniseKey(ring);
    expect(recognise(deriveApiKey(first, 1, 'a'.repeat(32)), account)?.(account)).toBe(false);
    expect(recognise(deriveApiKey(second, 1, 'a'.repeat(32)), account)?.(account)).toBe(true);
  });
});
