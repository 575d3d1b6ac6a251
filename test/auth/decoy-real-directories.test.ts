import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Attribute, Change, Client } from 'ldapts';
import type { LdapDirectoryOptions } from '../../src/adapters/ldap/ldap-directory.ts';
import { createTimedDecoy, type Decoy } from '../../src/auth/decoy.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { ldapDirectory } from '../adapters/ldap/options.ts';
import { interleaved, isApart } from '../service/distributions.ts';
import { describeWithDirectory } from '../support/describe-with-directory.ts';
import { startOpenLdap } from '../support/open-ldap.ts';
import { type SambaAd, startSambaAd } from '../support/samba-ad.ts';
import { attempt, authenticating, outcomeOf } from './authenticating.ts';

/** How often each refusal is asked for in one comparison, and how many comparisons a busy machine may spoil. */
const ROUNDS = 250;
const COMPARISONS = 3;
const MANY = { attempts: 1_000_000, windowMs: 3_600_000 };

/** How long a wrong password takes, and a name that nobody has, by turns. */
async function refusals(directory: Directory, decoy: Decoy): Promise<[number[], number[]]> {
  const authenticate = authenticating(directory, { decoy, budget: MANY });
  const refused = (username: string, refusal: string) => async () =>
    expect(await outcomeOf(authenticate(attempt(username, 'wrong')))).toBe(refusal);
  const kinds = { known: refused('alice', 'wrong-password'), unknown: refused('nobody', 'unknown-user') };
  // The decoy knows of no bind yet, and no connection is open.
  await interleaved(20, kinds);
  const { known, unknown } = await interleaved(ROUNDS, kinds);
  return [known, unknown];
}

function compareRefusals(directory: () => Directory): void {
  test('takes the same time whether the directory knows the name or not', async () => {
    let told = true;
    for (let time = 0; time < COMPARISONS && told; time++) {
      told = isApart(...(await refusals(directory(), createTimedDecoy(Math.random))));
    }
    expect(told).toBe(false);
  }, 300_000);

  test('would tell a name that nobody has without the decoy', async () => {
    const none = { ...createTimedDecoy(Math.random), pass: async () => {} };
    expect(isApart(...(await refusals(directory(), none)))).toBe(true);
  }, 300_000);
}

describe('a refusal with OpenLDAP', () => {
  const parts = new AsyncDisposableStack();
  let directory: Directory;
  beforeAll(async () => {
    const { url } = parts.use(await startOpenLdap());
    directory = parts.use(ldapDirectory({ urls: [url] }));
  });
  afterAll(() => parts.disposeAsync());
  compareRefusals(() => directory);
});

describeWithDirectory('samba-ad', 'a refusal with Samba AD', () => {
  const parts = new AsyncDisposableStack();
  let directory: Directory;
  beforeAll(async () => {
    const samba = parts.use(await startSambaAd());
    await neverLock(samba);
    directory = parts.use(ldapDirectory(optionsOf(samba)));
  });
  afterAll(() => parts.disposeAsync());
  compareRefusals(() => directory);
});

const optionsOf = (samba: SambaAd): Partial<LdapDirectoryOptions> & { urls: string[] } => ({
  urls: [samba.url],
  bindDn: samba.serviceDn,
  bindPassword: samba.servicePassword,
  userBase: `OU=People,${samba.baseDn}`,
  userFilter: '(&(objectClass=user)(sAMAccountName={username}))',
  attributes: {
    ...{ id: 'objectGUID', idSyntax: 'octets', username: 'sAMAccountName' },
    ...{ email: 'mail', fullName: 'displayName', disabledBy: {} },
  },
});

/** So that the same person's password may be wrong again and again. */
async function neverLock({ url, adminDn, adminPassword, baseDn }: SambaAd): Promise<void> {
  const client = new Client({ url, timeout: 5_000 });
  try {
    await client.bind(adminDn, adminPassword);
    const threshold = new Attribute({ type: 'lockoutThreshold', values: ['0'] });
    await client.modify(baseDn, new Change({ operation: 'replace', modification: threshold }));
  } finally {
    await client.unbind();
  }
}
