import { randomBytes } from 'node:crypto';
import { createCanonicalName } from '../../../src/keys/canonical-name.ts';
import { createIssueApiKey } from '../../../src/keys/issue-api-key.ts';
import { createReadKept } from '../../../src/keys/kept-account.ts';
import { createRegenerateApiKey } from '../../../src/keys/regenerate-api-key.ts';
import { createSecretRing } from '../../../src/keys/secret-ring.ts';
import { createVerifyApiKey } from '../../../src/keys/verify-api-key.ts';
import type { AccountStore } from '../../../src/ports/account-store.ts';
import type { Principal } from '../../../src/ports/principal.ts';
import { freshen, issuedOf, NEVER_ASKED, NO_EMAIL_SHARED } from '../../keys/issued-of.ts';

/** Somebody whom the directory has just let in. */
export function person(name: string): Principal {
  const emails = [`${name}@example.org`];
  return {
    directoryId: 'default',
    entryId: `entry-${name}`,
    dn: `uid=${name}`,
    username: name,
    emails,
    fullName: name,
    groups: [],
  };
}

/** The same in every process of these tests. */
const ring = createSecretRing([randomBytes(32)]);
const canonical = createCanonicalName([]);

/** One process of the service, as far as keys go. */
export function keysOver(accounts: AccountStore) {
  const lifetime = { maxAgeMs: undefined, now: Date.now };
  const readKept = createReadKept(accounts);
  const issueApiKey = createIssueApiKey({
    ...NEVER_ASKED,
    ...{ ring, accounts, canonical, randomBytes },
    ...lifetime,
    ...NO_EMAIL_SHARED,
  });
  return {
    verify: createVerifyApiKey({
      ...{ freshen, ring, canonical },
      ...lifetime,
      accounts: { ...accounts, kept: () => undefined },
    }),
    issue: async (principal: Principal) => {
      const kept = await readKept(principal);
      return issuedOf(await issueApiKey(principal, kept));
    },
    regenerate: createRegenerateApiKey({ ring, accounts, randomBytes, ...lifetime }),
  };
}
