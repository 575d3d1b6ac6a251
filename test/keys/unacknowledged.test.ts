import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { Unacknowledged } from '../../src/errors.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createIssueApiKey } from '../../src/keys/issue-api-key.ts';
import { createReadKept } from '../../src/keys/kept-account.ts';
import { createRegenerateApiKey } from '../../src/keys/regenerate-api-key.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import type { Account, AccountStore } from '../../src/ports/account-store.ts';
import { alice } from '../adapters/directory-contract.ts';
import { issuedOf, NEVER_ASKED, NO_EMAIL_SHARED } from './issued-of.ts';

const now = () => 1_795_000_000_000;
const ring = createSecretRing([Buffer.alloc(32, 1)]);

/** Accounts whose changes are acknowledged only once the test says so. */
function startUnacknowledged() {
  const kept = createMemoryAccountStore(now);
  const pending = new Set<number>();
  let isAnswering = false;
  const demand = (id: number) => {
    if (!isAnswering) throw new Unacknowledged('may be lost');
    pending.delete(id);
  };
  const accounts: AccountStore = {
    ...kept,
    async read(id) {
      const account = await kept.read(id);
      return account && pending.has(id) ? { ...account, isUnacknowledged: true } : account;
    },
    async create(account) {
      pending.add(account.id);
      return kept.create(account);
    },
    async acknowledge({ id, isUnacknowledged }) {
      if (isUnacknowledged) demand(id);
    },
    async mint(id, nonce, key) {
      if (!(await kept.mint(id, nonce, key))) return false;
      pending.add(id);
      demand(id);
      return true;
    },
  };
  const parts = { ring, now, randomBytes, maxAgeMs: undefined, canonical: createCanonicalName([]) };
  const issueOver = (over: AccountStore) => {
    const readKept = createReadKept(over);
    const issue = createIssueApiKey({ ...NEVER_ASKED, ...NO_EMAIL_SHARED, ...parts, accounts: over });
    return async () => issuedOf(await issue(alice, await readKept(alice)));
  };
  return {
    accounts,
    issueOver,
    issue: issueOver(accounts),
    regenerate: createRegenerateApiKey({ ...parts, accounts }),
    /** Whether replicas answer from here on. */
    setAnswering(answering: boolean) {
      isAnswering = answering;
    },
    isPending: ({ id }: Account) => pending.has(id),
  };
}

describe('a key whose record is not acknowledged', () => {
  test('is not given out, neither at the first sign-in nor at the next, until it is', async () => {
    const { issue, setAnswering } = startUnacknowledged();
    await expect(issue()).rejects.toBeInstanceOf(Unacknowledged);
    await expect(issue()).rejects.toBeInstanceOf(Unacknowledged);
    setAnswering(true);
    const issued = await issue();
    expect(issued.account.isUnacknowledged).toBeUndefined();
    expect(await issue()).toEqual(issued);
  });

  test('is not given out when it is a new one for an account', async () => {
    const { issue, regenerate, setAnswering } = startUnacknowledged();
    setAnswering(true);
    const { account, apiKey } = await issue();
    setAnswering(false);
    await expect(regenerate(account)).rejects.toBeInstanceOf(Unacknowledged);
    await expect(issue()).rejects.toBeInstanceOf(Unacknowledged);
    setAnswering(true);
    expect((await issue()).apiKey).not.toBe(apiKey);
  });

  test('is not given out when another process has just made the account', async () => {
    const { accounts, issue, issueOver, isPending, setAnswering } = startUnacknowledged();
    let other: unknown;
    const racing = issueOver({
      ...accounts,
      async point(...pointing) {
        other ??= await issue().catch((failure: unknown) => failure);
        return accounts.point(...pointing);
      },
    });
    await expect(racing()).rejects.toBeInstanceOf(Unacknowledged);
    expect(other).toBeInstanceOf(Unacknowledged);
    setAnswering(true);
    expect(isPending((await issue()).account)).toBe(false);
  });

  test('is not given out when another process has just minted it', async () => {
    const { accounts, issue, issueOver, setAnswering } = startUnacknowledged();
    setAnswering(true);
    const { account } = await issue();
    await accounts.revoke(account.id);
    setAnswering(false);
    const racing = issueOver({
      ...accounts,
      async mint(id, nonce, key) {
        const another = { ...key, nonce: 'a'.repeat(32) };
        await accounts.mint(id, nonce, another).catch(() => {});
        return accounts.mint(id, nonce, key);
      },
    });
    await expect(racing()).rejects.toBeInstanceOf(Unacknowledged);
    setAnswering(true);
    expect((await issue()).account.key?.nonce).toBe('a'.repeat(32));
  });
});
