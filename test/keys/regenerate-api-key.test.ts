import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createIssueApiKey } from '../../src/keys/issue-api-key.ts';
import { createReadKept } from '../../src/keys/kept-account.ts';
import { createRegenerateApiKey } from '../../src/keys/regenerate-api-key.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { createVerifyApiKey } from '../../src/keys/verify-api-key.ts';
import type { NearAccountStore } from '../../src/ports/account-store.ts';
import type { Principal } from '../../src/ports/principal.ts';
import { freshen, issuedOf, NEVER_ASKED, NO_EMAIL_SHARED } from './issued-of.ts';

const [oldSecret, newSecret] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const NOW = 1_795_000_000_000;

const alice: Principal = {
  directoryId: 'default',
  entryId: 'entry-of-alice',
  dn: 'uid=alice',
  username: 'alice',
  emails: ['alice@example.org'],
  fullName: 'Alice',
  groups: [],
};

function replica(accounts: NearAccountStore, secrets: readonly Buffer[] = [oldSecret], now = NOW) {
  const parts = {
    ring: createSecretRing(secrets),
    accounts,
    canonical: createCanonicalName([]),
    now: () => now,
    randomBytes,
    maxAgeMs: undefined,
    ...NO_EMAIL_SHARED,
  };
  const readKept = createReadKept(accounts);
  const issueApiKey = createIssueApiKey({ ...NEVER_ASKED, ...parts });
  return {
    regenerate: createRegenerateApiKey(parts),
    verify: createVerifyApiKey({ freshen, ...parts }),
    issue: async () => issuedOf(await issueApiKey(alice, await readKept(alice))),
  };
}

describe('regenerating a key', () => {
  test('kills the old one and gives another of the same account, which a sign-in gives from then on', async () => {
    const { issue, regenerate, verify } = replica(createMemoryAccountStore(() => NOW));
    const before = await issue();
    const after = await regenerate(before.account);
    if (!after) throw new Error('not regenerated');
    expect(after.apiKey).not.toBe(before.apiKey);
    expect(after.account).toEqual({ ...before.account, key: after.account.key });
    expect(await verify(before.apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    expect(await verify(after.apiKey, 'alice')).toEqual({ account: after.account });
    expect(await issue()).toEqual(after);
  });

  test('holds at once for a replica that had just verified the old key', async () => {
    const accounts = createMemoryAccountStore(() => NOW);
    const [one, other] = [replica(accounts), replica(accounts)];
    const { apiKey, account } = await one.issue();
    expect(await other.verify(apiKey, undefined)).toEqual({ account });
    const after = await one.regenerate(account);
    expect(await other.verify(apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    expect(await other.verify(after?.apiKey ?? '', undefined)).toEqual({ account: after?.account });
  });

  test('is done for one of two at the same moment: the other presents a key that is dead', async () => {
    const { issue, regenerate, verify } = replica(createMemoryAccountStore(() => NOW));
    const { account } = await issue();
    const outcomes = await Promise.all([regenerate(account), regenerate(account)]);
    const [done, ...more] = outcomes.filter((outcome) => outcome !== undefined);
    expect(more).toEqual([]);
    expect(await verify(done?.apiKey ?? '', undefined)).toEqual({ account: done?.account });
  });

  test('is not done where the record is gone', async () => {
    const accounts = createMemoryAccountStore(() => NOW);
    const { issue, regenerate } = replica(accounts);
    const { account } = await issue();
    await accounts.remove(account.id);
    expect(await regenerate(account)).toBeUndefined();
  });

  test('mints with the current secret and the clock, whatever the old key was minted with', async () => {
    const accounts = createMemoryAccountStore(() => NOW);
    const { account } = await replica(accounts).issue();
    const later = replica(accounts, [newSecret, oldSecret], NOW + 5);
    const after = await later.regenerate(account);
    const { current } = createSecretRing([newSecret]);
    expect(after?.account.key).toMatchObject({ secretId: current.id, mintedAt: NOW + 5 });
    expect(after?.account.key?.nonce).toMatch(/^[0-9a-f]{32}$/);
    expect(await later.verify(after?.apiKey ?? '', undefined)).toEqual({ account: after?.account });
  });
});
