import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { Unavailable } from '../../src/errors.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createIssueApiKey } from '../../src/keys/issue-api-key.ts';
import { createReadKept } from '../../src/keys/kept-account.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { createVerifyApiKey } from '../../src/keys/verify-api-key.ts';
import type { NearAccountStore } from '../../src/ports/account-store.ts';
import type { Principal } from '../../src/ports/principal.ts';
import { alice } from '../adapters/directory-contract.ts';
import { freshen, issuedOf, NEVER_ASKED } from './issued-of.ts';

const SHARED = 'office@example.org';

const now = () => 1_795_000_000_000;

function start({ allowSharedEmails = false } = {}) {
  const holders = new Map<string, number>([[SHARED, 2]]);
  const asked: string[] = [];
  const store = createMemoryAccountStore(now);
  const writes: string[] = [];
  const accounts: NearAccountStore = {
    ...store,
    confirm: async (id, confirmation) => {
      if (confirmation.owner) writes.push(confirmation.owner.email);
      return store.confirm(id, confirmation);
    },
  };
  const directory = {
    countByUsername: async () => 1,
    countByEmail: async (email: string) => {
      asked.push(email);
      const count = holders.get(email) ?? 1;
      if (count < 0) throw new Unavailable('directory', 'away');
      return count;
    },
  };
  const parts = {
    ring: createSecretRing([Buffer.alloc(32, 1)]),
    ...{ accounts, canonical: createCanonicalName([]), randomBytes, directory },
    now,
    maxAgeMs: undefined,
  };
  const readKept = createReadKept(accounts);
  const issue = async (emails: readonly string[], isAllowed = allowSharedEmails) => {
    const principal: Principal = { ...alice, emails };
    const kept = await readKept(principal);
    return createIssueApiKey({ ...NEVER_ASKED, ...parts, allowSharedEmails: isAllowed })(principal, kept);
  };
  return { issue, asked, writes, holders, accounts, verify: createVerifyApiKey({ freshen, ...parts }) };
}

describe('an email that is several people’s', () => {
  test('makes no account', async () => {
    const { issue, accounts } = start();
    expect(await issue([SHARED])).toEqual({ refusal: 'shared-email' });
    expect(await accounts.findId(alice.directoryId, alice.entryId)).toBeUndefined();
  });

  test('refuses somebody who comes to have it, and leaves the account as it was', async () => {
    const { issue, accounts } = start();
    const { account } = issuedOf(await issue(['alice@example.org']));
    expect(await issue([SHARED])).toEqual({ refusal: 'shared-email' });
    expect(await accounts.read(account.id)).toEqual(account);
  });

  test('is asked about for a new account and a new email, and never for a known one', async () => {
    const { issue, asked, writes } = start();
    await issue(['alice@example.org']);
    await issue(['alice@example.org']);
    await issue([SHARED, 'alice@example.org']);
    expect(asked).toEqual(['alice@example.org']);
    expect(writes).toEqual(['alice@example.org']);
    await issue(['alicia@example.org']);
    expect(asked).toEqual(['alice@example.org', 'alicia@example.org']);
  });

  test('is no answer while a directory is away', async () => {
    const { issue, holders } = start();
    holders.set('alice@example.org', -1);
    await expect(issue(['alice@example.org'])).rejects.toBeInstanceOf(Unavailable);
  });

  test('may be theirs where that is allowed: marked, and still a name beside the key', async () => {
    const { issue, verify, writes } = start({ allowSharedEmails: true });
    const first = issuedOf(await issue([SHARED]));
    expect(first.account.owner).toMatchObject({ email: SHARED, emailIsShared: true });
    expect(await issue([SHARED])).toEqual({ issued: first });
    expect(writes).toEqual([]);
    expect(await verify(first.apiKey, SHARED)).toEqual({ account: first.account });
  });

  test('is looked at again: the mark goes with the last of the others, the person with the permission', async () => {
    const { issue, holders } = start({ allowSharedEmails: true });
    const { apiKey } = issuedOf(await issue([SHARED]));
    expect(await issue([SHARED], false)).toEqual({ refusal: 'shared-email' });
    holders.delete(SHARED);
    const alone = issuedOf(await issue([SHARED], false));
    expect(alone.apiKey).toBe(apiKey);
    expect(alone.account.owner).not.toHaveProperty('emailIsShared');
  });
});
