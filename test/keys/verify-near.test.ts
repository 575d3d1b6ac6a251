import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { deriveApiKey } from '../../src/keys/api-key.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { createVerifyApiKey } from '../../src/keys/verify-api-key.ts';
import type { Account, AccountStore } from '../../src/ports/account-store.ts';
import { sampleAccount } from '../adapters/account-store-contract.ts';
import { freshen } from './issued-of.ts';

const ring = createSecretRing([randomBytes(32)]);
const NONCE = 'a'.repeat(32);
const NEW_NONCE = 'b'.repeat(32);

/** A key's material under the ring's secret. */
const materialOf = (nonce: string) => ({ nonce, secretId: ring.current.id, mintedAt: 1 });
const near: Account = { ...sampleAccount(1), key: materialOf(NONCE) };

describe('verifying by what is remembered of an account', () => {
  let accounts: AccountStore;
  let reads: number;
  let remembered: Account | undefined;

  const verify = createVerifyApiKey({
    ...{ ring, freshen, canonical: createCanonicalName([]) },
    ...{ maxAgeMs: undefined, now: () => 1 },
    accounts: {
      kept: () => remembered,
      read: (id) => {
        reads++;
        return accounts.read(id);
      },
    },
  });
  beforeEach(async () => {
    accounts = createMemoryAccountStore(() => 1);
    await accounts.create(near);
    remembered = near;
    reads = 0;
  });

  test('asks the store nothing, and answers at once', () => {
    expect(verify(deriveApiKey(ring.current, 1, NONCE), undefined)).toEqual({ account: near });
    expect(reads).toBe(0);
  });

  test('asks the store before it refuses a key that may have been minted since', async () => {
    await accounts.mint(1, NONCE, materialOf(NEW_NONCE));
    expect(await verify(deriveApiKey(ring.current, 1, NEW_NONCE), undefined)).toHaveProperty('account');
    expect(reads).toBe(1);
  });

  test.each([
    ['its directory', { suspension: { reason: 'not-found', at: 1, server: 'ldap://one' } } as const],
    ['an operator', { suspendedByOperatorAt: 1 }],
  ])('asks the store before it refuses an account that %s had suspended', async (_who, over) => {
    remembered = { ...near, ...over };
    expect(await verify(deriveApiKey(ring.current, 1, NONCE), undefined)).toHaveProperty('account');
    expect(reads).toBe(1);
  });

  test('asks the store before it refuses a name that its owner may have been given since', async () => {
    const key = deriveApiKey(ring.current, 1, NONCE);
    await accounts.updateOwner(1, { ...near.owner, username: 'renamed' });
    expect(await verify(key, 'renamed')).toHaveProperty('account');
    expect(await verify(key, 'somebody-else')).toEqual({ refusal: 'wrong-owner' });
    expect(reads).toBe(2);
  });

  test('asks nobody about a forged key', () => {
    expect(verify('A'.repeat(32), undefined)).toEqual({ refusal: 'unknown-key' });
    expect(reads).toBe(0);
  });
});
