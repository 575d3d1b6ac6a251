import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createIssueApiKey } from '../../src/keys/issue-api-key.ts';
import { createReadKept } from '../../src/keys/kept-account.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { createVerifyApiKey } from '../../src/keys/verify-api-key.ts';
import { alice } from '../adapters/directory-contract.ts';
import { freshen, issuedOf, NEVER_ASKED, NO_EMAIL_SHARED } from './issued-of.ts';

const MAX_AGE_MS = 1000;

function start({ maxAgeMs }: { readonly maxAgeMs: number | undefined } = { maxAgeMs: MAX_AGE_MS }) {
  let clock = Date.UTC(2026, 5, 1);
  const now = () => clock;
  const accounts = createMemoryAccountStore(now);
  const ring = createSecretRing([Buffer.alloc(32, 1)]);
  const parts = { ring, accounts, canonical: createCanonicalName([]), now, maxAgeMs, randomBytes };
  const readKept = createReadKept(accounts);
  const issueApiKey = createIssueApiKey({ ...NEVER_ASKED, ...parts, ...NO_EMAIL_SHARED });
  return {
    advance: (ms: number) => {
      clock += ms;
    },
    verify: createVerifyApiKey({ freshen, ...parts }),
    issue: async () => issuedOf(await issueApiKey(alice, await readKept(alice))),
  };
}

describe('a key’s age', () => {
  test('counts from its minting: a sign-in gives the same key and extends nothing', async () => {
    const { issue, verify, advance } = start();
    const first = await issue();
    advance(MAX_AGE_MS);
    expect(await issue()).toEqual(first);
    expect(await verify(first.apiKey, undefined)).toEqual({ account: first.account });
    advance(1);
    expect(await verify(first.apiKey, undefined)).toEqual({ refusal: 'expired-key' });
    expect(await verify(first.apiKey, 'somebody else')).toEqual({ refusal: 'expired-key' });
  });

  test('ends: then a sign-in mints another, of the same account', async () => {
    const { issue, verify, advance } = start();
    const first = await issue();
    advance(MAX_AGE_MS + 1);
    const [one, two] = await Promise.all([issue(), issue()]);
    expect(one.apiKey).not.toBe(first.apiKey);
    expect(two.apiKey).toBe(one.apiKey);
    expect(one.account.id).toBe(first.account.id);
    expect(await verify(first.apiKey, undefined)).toEqual({ refusal: 'unknown-key' });
    expect(await verify(one.apiKey, undefined)).toEqual({ account: one.account });
  });

  test('has no end where none is set, and a clock that lags ends nothing', async () => {
    const forEver = start({ maxAgeMs: undefined });
    const { apiKey } = await forEver.issue();
    forEver.advance(100 * 365 * 24 * 3_600_000);
    expect(await forEver.verify(apiKey, undefined)).toHaveProperty('account');
    const lagging = start();
    const early = await lagging.issue();
    lagging.advance(-10 * MAX_AGE_MS);
    expect(await lagging.verify(early.apiKey, undefined)).toHaveProperty('account');
  });
});
