import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'ldapts';
import { createLdapDirectory } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { type SambaAd, startSambaAd } from '../../../support/samba-ad.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { ldapOptions } from '../options.ts';

const suffix = 'DC=ad,DC=example,DC=org';
const domainWide = { threshold: 10, windowMs: 30 * 60_000 };

/** A fine-grained policy (MS-ADTS, 3.1.1.4.5.36) for these people; windows are negative counts of 100 ns. */
async function addPolicy(
  client: Client,
  name: string,
  lockout: { threshold: number; window: string },
  ...people: string[]
) {
  await client.add(`CN=${name},CN=Password Settings Container,CN=System,${suffix}`, {
    objectClass: 'msDS-PasswordSettings',
    'msDS-PasswordSettingsPrecedence': '1',
    'msDS-PasswordReversibleEncryptionEnabled': 'FALSE',
    'msDS-PasswordHistoryLength': '0',
    'msDS-PasswordComplexityEnabled': 'FALSE',
    'msDS-MinimumPasswordLength': '0',
    'msDS-MinimumPasswordAge': '0',
    'msDS-MaximumPasswordAge': '-9223372036854775808',
    'msDS-LockoutThreshold': String(lockout.threshold),
    'msDS-LockoutObservationWindow': lockout.window,
    'msDS-LockoutDuration': lockout.window,
    'msDS-PSOAppliesTo': people.map((one) => `CN=${one},OU=People,${suffix}`),
  });
}

describeWithDirectory('samba-ad', 'the lockout of Active Directory', () => {
  let server: SambaAd;
  beforeAll(async () => {
    server = await startSambaAd();
    await using client = new Client({ url: server.url });
    await client.bind(server.adminDn, server.adminPassword);
    await addPolicy(client, 'strict', { threshold: 3, window: '-6000000000' }, 'Bob Baker');
    await addPolicy(client, 'never', { threshold: 0, window: '-6000000000' }, 'Victor Victim');
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  /** What a service account reads about somebody, how many searches that took, and what it had to say. */
  async function lockoutsOf(bindDn: string, bindPassword: string, ...names: string[]) {
    await using proxy = await startTcpProxy(server);
    const log = recordingLog();
    await using directory = createLdapDirectory(
      ldapOptions({
        urls: [`ldap://127.0.0.1:${proxy.port}`],
        ...{ bindDn, bindPassword, userBase: suffix, userFilter: '(sAMAccountName={username})' },
        attributes: {
          ...{ id: 'objectGUID', idSyntax: 'octets', username: 'sAMAccountName' },
          ...{ email: 'mail', fullName: 'displayName', disabledBy: {} },
        },
        lockout: { threshold: undefined, policyDn: undefined },
      }),
      log,
    );
    const lockouts = [];
    for (const name of names) {
      const found = await directory.find(name);
      lockouts.push('principal' in found ? found.lockout : found);
    }
    return { lockouts, searches: proxy.ldapOps().search, lines: log.lines };
  }

  test('is the domain’s, and costs a search only while it is not known', async () => {
    const { serviceDn, servicePassword } = server;
    expect(await lockoutsOf(serviceDn, servicePassword, 'alice', 'alice', 'carol')).toEqual({
      lockouts: [domainWide, domainWide, domainWide],
      searches: 3 + 2,
      lines: [],
    });
  });

  test('is that of a fine-grained policy where there is one, or none', async () => {
    const { adminDn, adminPassword } = server;
    expect(await lockoutsOf(adminDn, adminPassword, 'bob', 'victim', 'alice')).toMatchObject({
      lockouts: [{ threshold: 3, windowMs: 600_000 }, undefined, domainWide],
      lines: [],
    });
  });

  test('is the domain’s where the fine-grained policy may not be read, and the log says so once', async () => {
    const { serviceDn, servicePassword } = server;
    const read = await lockoutsOf(serviceDn, servicePassword, 'bob', 'bob');
    expect(read).toMatchObject({ lockouts: [domainWide, domainWide] });
    expect(read.lines).toEqual([expect.stringMatching(/CN=strict.*lockout\.threshold/)]);
  });
});
