import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { deriveApiKey } from '../../src/keys/api-key.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createIssueApiKey } from '../../src/keys/issue-api-key.ts';
import { createReadKept } from '../../src/keys/kept-account.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { createVerifyApiKey } from '../../src/keys/verify-api-key.ts';
import type { Account, KeyMaterial, NearAccountStore } from '../../src/ports/account-store.ts';
import type { Principal } from '../../src/ports/principal.ts';
import { freshen, issuedOf, NEVER_ASKED, NO_EMAIL_SHARED } from './issued-of.ts';

const [oldSecret, newSecret] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const canonical = createCanonicalName([]);
const LIFETIME = { maxAgeMs: undefined, now: () => 1_795_000_000_000 };

function person(name: string): Principal {
  return {
    directoryId: 'default',
    entryId: `entry-of-${name}`,
    dn: `uid=${name}`,
    username: name,
    emails: [`${name}@example.org`],
    fullName: name,
    groups: [],
  };
}

/** The key of an account that has one. */
function keyOf({ key }: Account): KeyMaterial {
  if (!key) throw new Error('the account has no key');
  return key;
}

function keysOver(accounts: NearAccountStore, secrets: readonly Buffer[] = [oldSecret]) {
  const ring = createSecretRing(secrets);
  const readKept = createReadKept(accounts);
  const issueApiKey = createIssueApiKey({
    ...NEVER_ASKED,
    ring,
    accounts,
    canonical,
    ...NO_EMAIL_SHARED,
    ...LIFETIME,
    randomBytes,
  });
  return {
    ring,
    verify: createVerifyApiKey({ freshen, ring, accounts, canonical, ...LIFETIME }),
    issue: async (principal: Principal) => {
      const kept = await readKept(principal);
      return issuedOf(await issueApiKey(principal, kept));
    },
  };
}

describe('issuing and verifying', () => {
  test('gives a person the same key each time, and it verifies as theirs', async () => {
    const { issue, verify } = keysOver(createMemoryAccountStore(LIFETIME.now));
    const first = await issue(person('alice'));
    expect(await issue(person('alice'))).toEqual(first);
    expect(await verify(first.apiKey, undefined)).toEqual({ account: first.account });
    expect(await verify(first.apiKey, 'ALICE@example.org')).toEqual({ account: first.account });
  });

  test('says what is wrong with a key', async () => {
    const accounts = createMemoryAccountStore(LIFETIME.now);
    const { issue, verify, ring } = keysOver(accounts);
    const { apiKey, account } = await issue(person('alice'));
    const nobody = deriveApiKey(ring.current, account.id + 1, keyOf(account).nonce);
    expect(await verify('short', undefined)).toEqual({ refusal: 'malformed-key' });
    expect(await verify('A'.repeat(32), undefined)).toEqual({ refusal: 'unknown-key' });
    expect(await verify(nobody, undefined)).toEqual({ refusal: 'unknown-key' });
    expect(await verify(apiKey, 'bob')).toEqual({ refusal: 'wrong-owner' });
    await accounts.mint(account.id, keyOf(account).nonce, { ...keyOf(account), nonce: '0'.repeat(32) });
    expect(await verify(apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
  });

  test('refuses a key whose tag was made with another secret of the ring than the record names', async () => {
    const accounts = createMemoryAccountStore(LIFETIME.now);
    const { account } = await keysOver(accounts).issue(person('alice'));
    const { ring, verify } = keysOver(accounts, [newSecret, oldSecret]);
    const foreign = deriveApiKey(ring.current, account.id, keyOf(account).nonce);
    expect(await verify(foreign, undefined)).toEqual({ refusal: 'unknown-key' });
  });

  test('asks the store nothing about a forged key', async () => {
    let reads = 0;
    const accounts: Pick<NearAccountStore, 'kept' | 'read'> = {
      kept: () => undefined,
      read: async () => {
        reads++;
        return undefined;
      },
    };
    const verify = createVerifyApiKey({
      freshen,
      ...{ ring: createSecretRing([oldSecret]), accounts, canonical },
      ...LIFETIME,
    });
    for (let forged = 0; forged < 50; forged++) await verify(randomBytes(16).toString('hex'), undefined);
    expect(reads).toBe(0);
  });

  test('keeps what changed in the directory, and writes nothing where nothing did', async () => {
    const accounts = createMemoryAccountStore(LIFETIME.now);
    const { issue } = keysOver(accounts);
    const { account } = await issue(person('alice'));
    const updates: unknown[] = [];
    const watched = keysOver({
      ...accounts,
      confirm: async (id, confirmation) => {
        updates.push(confirmation.owner);
        return accounts.confirm(id, confirmation);
      },
    });
    await watched.issue(person('alice'));
    expect(updates).toEqual([]);
    await watched.issue({ ...person('alice'), username: 'alicia' });
    expect(updates).toHaveLength(1);
    expect((await accounts.read(account.id))?.owner).toMatchObject({
      username: 'alicia',
      formerNames: ['alice'],
    });
  });

  test('keeps keys alive while their secret is in the ring, and mints anew when it has left', async () => {
    const accounts = createMemoryAccountStore(LIFETIME.now);
    const { apiKey, account } = await keysOver(accounts).issue(person('alice'));
    const both = keysOver(accounts, [newSecret, oldSecret]);
    expect((await both.issue(person('alice'))).apiKey).toBe(apiKey);
    expect(await both.verify(apiKey, undefined)).toEqual({ account });
    const alone = keysOver(accounts, [newSecret]);
    const renewed = await alone.issue(person('alice'));
    expect(renewed.apiKey).not.toBe(apiKey);
    expect(renewed.account.id).toBe(account.id);
    expect(await alone.verify(apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    expect(await alone.verify(renewed.apiKey, undefined)).toEqual({ account: renewed.account });
  });

  test('renews a key once where two sign-ins at the same moment find its secret gone', async () => {
    const accounts = createMemoryAccountStore(LIFETIME.now);
    await keysOver(accounts).issue(person('alice'));
    const { issue } = keysOver(accounts, [newSecret]);
    const [one, two] = await Promise.all([issue(person('alice')), issue(person('alice'))]);
    expect(one.apiKey).toBe(two.apiKey);
  });
});
