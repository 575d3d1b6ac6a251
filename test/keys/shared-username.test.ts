import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { Unavailable } from '../../src/errors.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createIssueApiKey } from '../../src/keys/issue-api-key.ts';
import { createReadKept } from '../../src/keys/kept-account.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { alice } from '../adapters/directory-contract.ts';
import { issuedOf, NEVER_ASKED } from './issued-of.ts';

/** An account store, and a directory in which as many people have a login name as `holders` says, else one. */
function start() {
  const holders = new Map<string, number>();
  const asked: string[] = [];
  const accounts = createMemoryAccountStore(Date.now);
  const issueApiKey = createIssueApiKey({
    ...NEVER_ASKED,
    ring: createSecretRing([Buffer.alloc(32, 1)]),
    ...{ accounts, canonical: createCanonicalName([]), randomBytes },
    ...{ now: Date.now, maxAgeMs: undefined, allowSharedEmails: true },
    directory: {
      countByEmail: async () => 1,
      async countByUsername({ username }) {
        asked.push(username);
        const count = holders.get(username) ?? 1;
        if (count < 0) throw new Unavailable('directory', 'away');
        return count;
      },
    },
  });
  const readKept = createReadKept(accounts);
  const issue = async (username: string) => {
    const principal = { ...alice, username };
    return issueApiKey(principal, await readKept(principal));
  };
  return { issue, asked, holders, accounts };
}

describe('a login name that is several people’s', () => {
  test('makes no account', async () => {
    const { issue, holders, accounts } = start();
    holders.set('dup', 2);
    expect(await issue('dup')).toEqual({ refusal: 'ambiguous' });
    expect(await accounts.findId(alice.directoryId, alice.entryId)).toBeUndefined();
  });

  test('refuses somebody who comes to have it, and leaves the account as it was', async () => {
    const { issue, holders, accounts } = start();
    const { account } = issuedOf(await issue('alice'));
    holders.set('dup', 2);
    expect(await issue('dup')).toEqual({ refusal: 'ambiguous' });
    expect((await accounts.read(account.id))?.owner.username).toBe('alice');
    expect(issuedOf(await issue('alice')).account.id).toBe(account.id);
  });

  test('is asked about once for a name that stays, and again for another', async () => {
    const { issue, asked } = start();
    for (const username of ['alice', 'alice', 'alicia', 'alicia']) issuedOf(await issue(username));
    expect(asked).toEqual(['alice', 'alicia']);
  });

  test('is no statement while the directory is away', async () => {
    const { issue, holders } = start();
    holders.set('alice', -1);
    await expect(issue('alice')).rejects.toThrow(Unavailable);
    holders.delete('alice');
    issuedOf(await issue('alice'));
  });
});
