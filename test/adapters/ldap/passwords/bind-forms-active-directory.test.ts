import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Attribute, Change, Client } from 'ldapts';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { bindAnswer } from '../../../support/bind-answer.ts';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type SambaAd, startSambaAd } from '../../../support/samba-ad.ts';
import { ldapDirectory } from '../options.ts';
import { activeDirectoryPreset } from './active-directory-preset.ts';
import { signInOver } from './sign-in-over.ts';

const { userBase } = activeDirectoryPreset;
const serviceAccount = {
  bindDn: 'CN=Service Account,OU=Services,DC=ad,DC=example,DC=org',
  bindPassword: 'svc-secret',
};
const noServiceAccount = { bindDn: undefined, bindPassword: undefined };
const preset: Partial<LdapDirectoryOptions> = {
  ...activeDirectoryPreset,
  loginDomains: ['AD', 'ad.example.org'],
};
const byCommonName = {
  ...preset,
  userDnTemplate: `CN={username},${userBase}`,
  userFilter: '(&(objectClass=user)(cn={username}))',
};
const searching = { ...preset, ...serviceAccount };
const principalName = { ...preset, ...noServiceAccount, userDnTemplate: '{username}@ad.example.org' };
const downLevel = { ...preset, ...noServiceAccount, userDnTemplate: 'AD\\{username}' };
const aliceDn = `CN=Alice Archer,${userBase}`;

/** What alice types, and what she is then bound as. */
const forms: [string, Partial<LdapDirectoryOptions>, { alice: string; dora: string; boundAs: string }][] = [
  ['searched for', searching, { alice: 'alice', dora: 'dora', boundAs: aliceDn }],
  [
    'read at a DN',
    { ...byCommonName, ...serviceAccount },
    { alice: 'Alice Archer', dora: 'Dora Disabled', boundAs: aliceDn },
  ],
  [
    'read as themselves at a DN',
    { ...byCommonName, ...noServiceAccount },
    { alice: 'Alice Archer', dora: 'Dora Disabled', boundAs: aliceDn },
  ],
  [
    'bound by userPrincipalName',
    principalName,
    { alice: 'alice', dora: 'dora', boundAs: 'alice@ad.example.org' },
  ],
  ['bound by DOMAIN\\name', downLevel, { alice: 'alice', dora: 'dora', boundAs: 'AD\\alice' }],
];

describeWithDirectory('samba-ad', 'people of Active Directory', () => {
  let server: SambaAd;
  beforeAll(async () => {
    server = await startSambaAd();
    await using client = new Client({ url: server.url });
    await client.bind(server.adminDn, server.adminPassword);
    // Who is bound as alice@corp.test is not whom the filter finds as alice.
    const modification = new Attribute({ type: 'userPrincipalName', values: ['alice@corp.test'] });
    await client.modify(`CN=Victor Victim,${userBase}`, new Change({ operation: 'replace', modification }));
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  describe.each(forms)('who are %s', (_form, options, { alice, dora, boundAs }) => {
    test('come in by the right password and one bind', async () => {
      const { principal, binds } = await signInOver(server, options, alice, 'alice-secret');
      expect(principal).toEqual({
        directoryId: 'corp',
        entryId: expect.stringMatching(/^[0-9a-f]{32}$/),
        dn: aliceDn,
        username: 'alice',
        emails: ['alice@example.org'],
        fullName: 'Alice Archer',
        groups: [],
      });
      expect(binds).toEqual([boundAs]);
    });

    test('are refused after one bind with a wrong password, and after none with an empty one', async () => {
      expect(await signInOver(server, options, alice, 'wrong')).toMatchObject({
        refusal: 'wrong-password',
        binds: [boundAs],
      });
      expect(await signInOver(server, options, alice, '')).toMatchObject({
        refusal: 'wrong-password',
        binds: [],
      });
    });

    test('are told what became of their account after the right password only, each by one bind', async () => {
      const right = await signInOver(server, options, dora, 'dora-secret');
      expect(right).toMatchObject({ refusal: 'account-disabled' });
      expect(right.binds).toHaveLength(1);
      const wrong = await signInOver(server, options, dora, 'wrong');
      expect(wrong).toMatchObject({ refusal: 'wrong-password' });
      expect(wrong.binds).toHaveLength(1);
    });

    test('do not come in from outside the base', async () => {
      for (const name of ['Administrator', 'AD\\Administrator', 'Administrator@ad.example.org']) {
        const { refusal, binds } = await signInOver(server, options, name, server.adminPassword);
        expect(refusal).toMatch(/^(unknown-user|wrong-password|not-permitted)$/);
        expect(binds.length).toBeLessThanOrEqual(1);
      }
    });
  });

  test('are one and the same however they are bound', async () => {
    const ids = await Promise.all(
      forms.map(async ([, options, { alice }]) => {
        const { principal } = await signInOver(server, options, alice, 'alice-secret');
        return principal?.entryId;
      }),
    );
    expect(new Set(ids).size).toBe(1);
  });

  describe.each([
    ['searched for', searching, aliceDn],
    ['bound by userPrincipalName', principalName, 'alice@ad.example.org'],
    ['bound by DOMAIN\\name', downLevel, 'AD\\alice'],
  ])('who are %s', (_form, options, boundAs) => {
    test.each(['AD\\alice', 'ad\\alice', 'ad.example.org\\alice', 'alice@AD', 'alice@AD.Example.org'])(
      'may put a domain of theirs around their name: %s',
      async (typed) => {
        expect(await signInOver(server, options, typed, 'alice-secret')).toMatchObject({
          principal: { dn: aliceDn },
          binds: [boundAs],
        });
      },
    );

    test.each(['OTHER\\alice', '\\alice', 'AD\\OTHER\\alice', 'AD\\', 'AD\\alice@example.org'])(
      'are nobody by the domain of others, and no question to the directory: %s',
      async (typed) => {
        expect(await signInOver(server, options, typed, 'alice-secret')).toEqual({
          refusal: 'unknown-user',
          binds: [],
          requests: [],
        });
      },
    );
  });

  test('may type an email where they are searched for, and it is no bind name', async () => {
    expect(await signInOver(server, searching, 'alice@example.org', 'alice-secret')).toMatchObject({
      principal: { username: 'alice' },
      binds: [aliceDn],
    });
    for (const options of [principalName, downLevel]) {
      expect(await signInOver(server, options, 'alice@example.org', 'alice-secret')).toEqual({
        refusal: 'unknown-user',
        binds: [],
        requests: [],
      });
    }
  });

  test('are not bound by their bare name: the directory does not take it', async () => {
    expect(await bindAnswer(server.url, 'alice', 'alice-secret')).toMatchObject({ code: 49 });
  });

  test('do not become whom the filter finds by the name that they are bound as', async () => {
    const options = { ...principalName, userDnTemplate: '{username}@corp.test' };
    // Samba takes the name for Victor, whose password this is; the filter takes it for Alice.
    expect(await bindAnswer(server.url, 'alice@corp.test', 'victim-secret')).toMatchObject({ code: 0 });
    expect(await signInOver(server, options, 'alice', 'victim-secret')).toMatchObject({
      refusal: 'not-permitted',
      binds: ['alice@corp.test'],
    });
  });

  test('are nobody where the filter finds two of a name, which shows after the bind', async () => {
    const options = {
      ...downLevel,
      userFilter: '(&(objectClass=user)(|(sAMAccountName={username})(cn=Bob Baker)))',
    };
    expect(await signInOver(server, options, 'alice', 'alice-secret')).toMatchObject({
      refusal: 'ambiguous',
      binds: ['AD\\alice'],
    });
  });

  test('have no bind names that are no DNs beside a service account', () => {
    for (const userDnTemplate of ['{username}@ad.example.org', 'AD\\{username}']) {
      expect(() => ldapDirectory({ ...searching, urls: [server.url], userDnTemplate })).toThrow(
        /LDAP_USER_DN_TEMPLATE/,
      );
    }
  });

  test('are counted by email, and the service account is none of them', async () => {
    await using directory = ldapDirectory({ ...searching, urls: [server.url] });
    expect(await directory.countByEmail('Alice@example.org')).toBe(1);
    expect(await directory.countByEmail('svc@example.org')).toBe(0);
  });
});
