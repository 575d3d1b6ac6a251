import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import type { UnreadPerson } from '../../../../src/ports/directory.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { testPeople } from '../../../support/people.ts';
import { startRecordingRelay } from '../../../support/recording-relay.ts';
import { dnOf, ldapDirectory, ldapOptions } from '../options.ts';
import { reasonsOf } from '../reasons.ts';
import { signInOver } from './sign-in-over.ts';

/** Whose account has expired. */
const sven = `
dn: uid=sven,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
objectClass: shadowAccount
uid: sven
cn: Sven Shadow
sn: Shadow
mail: sven@example.org
userPassword: sven-secret
shadowExpire: 18000
`;

const userDnTemplate = 'uid={username},ou=people,dc=example,dc=org';
const attributes = {
  ...ldapOptions({ urls: [] }).attributes,
  disabledBy: { shadowExpire: 'daysSince1970' },
} as const;
const asThemselves = { userDnTemplate, bindDn: undefined, bindPassword: undefined, attributes };
const forms: [string, Partial<LdapDirectoryOptions>][] = [
  ['searched for', { attributes }],
  ['read at a DN', { userDnTemplate, attributes }],
  ['read as themselves', asThemselves],
];

let server: OpenLdap;
beforeAll(async () => {
  server = await startOpenLdap({ ldif: (await testPeople()) + sven });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

describe.each(forms)('people of OpenLDAP who are %s', (_form, options) => {
  const signIn = (username: string, password: string, different: Partial<LdapDirectoryOptions> = {}) =>
    signInOver(server, { ...options, ...different }, username, password);

  test('come in by the right password and one bind', async () => {
    const { principal, binds } = await signIn('alice', 'alice-secret');
    expect(principal).toEqual({
      directoryId: 'corp',
      entryId: '11111111-1111-4111-8111-111111111111',
      dn: dnOf('alice'),
      username: 'alice',
      emails: ['alice@example.org'],
      fullName: 'Alice Archer',
      groups: [],
    });
    expect(binds).toEqual([dnOf('alice')]);
  });

  test('are refused after one bind with a wrong password, and after none with an empty one', async () => {
    expect(await signIn('alice', 'bob-secret')).toMatchObject({
      refusal: 'wrong-password',
      binds: [dnOf('alice')],
    });
    expect(await signIn('alice', '')).toMatchObject({ refusal: 'wrong-password', binds: [] });
  });

  test('are told to be disabled where their entry says so', async () => {
    expect(await signIn('sven', 'sven-secret')).toMatchObject({
      principal: { username: 'sven' },
      isDisabled: true,
    });
    expect(await signIn('sven', 'wrong')).toMatchObject({ refusal: 'wrong-password' });
  });

  test.each([
    'outsider',
    'outsider,ou=elsewhere,dc=example,dc=org',
    'alice,ou=people',
    'uid=alice',
    'alice+cn=x',
  ])('do not come in from outside the base: as %s', async (username) => {
    const { principal, binds } = await signIn(username, 'outsider-secret');
    expect(principal).toBeUndefined();
    expect(binds.length).toBeLessThanOrEqual(1);
    for (const name of binds) expect(name).toMatch(/^uid=.+(?<!\\),ou=people,dc=example,dc=org$/);
  });

  test('do not come in whom the filter leaves out', async () => {
    const userFilter = '(&(uid={username})(mail=*))';
    expect((await signIn('no-mail', 'no-mail-secret', { userFilter })).refusal).toMatch(
      /^(unknown-user|not-permitted)$/,
    );
    expect((await signIn('alice', 'alice-secret', { userFilter })).principal).toBeDefined();
  });

  test('have the emails that a domain makes, and may type them', async () => {
    const emailDomain = 'corp.example';
    expect(await signIn('no-mail@CORP.example', 'no-mail-secret', { emailDomain })).toMatchObject({
      principal: { username: 'no-mail', emails: ['no-mail@corp.example'] },
    });
  });
});

describe('people of OpenLDAP who are read as themselves', () => {
  const unread = async (username: string, different: Partial<LdapDirectoryOptions> = {}) => {
    await using directory = ldapDirectory({ urls: ['ldap://127.0.0.1:1'], ...asThemselves, ...different });
    return await directory.find(username);
  };
  const alice: UnreadPerson = { directoryId: 'corp', bindName: dnOf('alice'), username: 'alice' };
  const bob: UnreadPerson = { directoryId: 'corp', bindName: dnOf('bob'), username: 'bob' };

  test('are named without a question to the directory', async () => {
    expect(await unread('alice')).toEqual({ unread: alice });
    expect(await unread('nobody, really')).toEqual({
      unread: {
        directoryId: 'corp',
        bindName: 'uid=nobody\\, really,ou=people,dc=example,dc=org',
        username: 'nobody, really',
      },
    });
    expect(await unread('')).toEqual({ refusal: 'unknown-user' });
  });

  test('are locked out when the settings say: nobody may read what the directory says', async () => {
    const lockout = { threshold: 4, policyDn: undefined };
    expect(await unread('alice', { lockout })).toEqual({
      unread: alice,
      lockout: { threshold: 4, windowMs: undefined },
    });
    expect(await unread('alice', { lockout: { ...lockout, threshold: undefined } })).toEqual({
      unread: alice,
    });
  });

  test('cost a bind and a search by the right password, a bind by a wrong one, and the first time a look at the root DSE', async () => {
    const right = await signInOver(server, asThemselves, 'alice', 'alice-secret');
    expect(right.requests).toMatchObject([
      [{ operation: 'search', dn: '' }, { operation: 'bind' }, { operation: 'search', dn: dnOf('alice') }],
    ]);
    const wrong = await signInOver(server, asThemselves, 'alice', 'wrong');
    expect(wrong.requests).toMatchObject([[{ operation: 'search', dn: '' }, { operation: 'bind' }]]);
    expect(wrong.requests.flat()).toHaveLength(2);
  });

  test('are not permitted where the filter leaves them out, and that is told after the right password only', async () => {
    const options = { ...asThemselves, userFilter: '(&(uid={username})(mail=*))' };
    expect(await signInOver(server, options, 'no-mail', 'no-mail-secret')).toMatchObject({
      refusal: 'not-permitted',
    });
    expect(await signInOver(server, options, 'no-mail', 'wrong')).toMatchObject({
      refusal: 'wrong-password',
    });
  });

  test('leave nothing of themselves to whoever has the connection next', async () => {
    await using relay = await startRecordingRelay(server);
    await using directory = ldapDirectory({
      ...asThemselves,
      urls: [`ldap://127.0.0.1:${relay.port}`],
      bindConnections: { size: 1, maxWaiting: 8, maxWaitMs: 5_000 },
    });
    expect(await directory.verifyPassword(alice, 'alice-secret')).toHaveProperty(
      'principal.username',
      'alice',
    );
    expect(await directory.verifyPassword(bob, 'alice-secret')).toEqual({ refusal: 'wrong-password' });
    expect(await directory.verifyPassword(bob, 'bob-secret')).toHaveProperty('principal.username', 'bob');
    await directory.ping();
    expect(relay.connections()).toMatchObject([
      [
        { operation: 'search', dn: '' },
        { operation: 'bind', dn: dnOf('alice') },
        { operation: 'search', dn: dnOf('alice') },
        { operation: 'bind', dn: dnOf('bob') },
        { operation: 'bind', dn: dnOf('bob') },
        { operation: 'search', dn: dnOf('bob') },
        { operation: 'search', dn: '' },
      ],
    ]);
  });

  test('are never listed, and every email may be somebody’s alone', async () => {
    await using directory = ldapDirectory({ urls: ['ldap://127.0.0.1:1'], ...asThemselves });
    expect(await directory.list(100)).toEqual([]);
    expect(await directory.countByEmail('twins@example.org')).toBe(1);
    await using made = ldapDirectory({
      ...asThemselves,
      urls: ['ldap://127.0.0.1:1'],
      emailDomain: 'a.example',
    });
    expect(await made.countByEmail('alice@A.example')).toBe(1);
    expect(await made.countByEmail('alice@b.example')).toBe(0);
  });

  test('are away when their directory is, and only then', async () => {
    await using directory = ldapDirectory({ urls: [server.url], ...asThemselves });
    await directory.ping();
    await using away = ldapDirectory({ urls: ['ldap://127.0.0.1:1'], ...asThemselves });
    await reasonsOf(away.ping());
    await reasonsOf(away.verifyPassword(alice, 'alice-secret'));
  });

  test.each([
    ['there is no template', { userDnTemplate: undefined }],
    ['the template is outside the base', { userDnTemplate: 'uid={username},ou=elsewhere,dc=example,dc=org' }],
    ['the template is no name', { userDnTemplate: '{username}' }],
  ])('are no people of a directory where %s', (_what, different) => {
    expect(() => ldapDirectory({ urls: [server.url], ...asThemselves, ...different })).toThrow(/LDAP_/);
  });
});

describe('a name that is no DN', () => {
  test.each(['{username}@corp.example', 'CORP\\{username}'])(
    'is of no use to a service account: %s',
    (template) => {
      expect(() => ldapDirectory({ urls: [server.url], userDnTemplate: template })).toThrow(/leave it away/);
    },
  );

  test('lets nobody in where the directory cannot say who is bound', async () => {
    await using directory = ldapDirectory({
      ...asThemselves,
      urls: [server.url],
      userDnTemplate: '{username}@corp.example',
    });
    // As if it had bound alice under that name.
    const named = { directoryId: 'corp', bindName: dnOf('alice'), username: 'alice' };
    expect(await reasonsOf(directory.verifyPassword(named, 'alice-secret'))).toMatch(/LDAP_USER_DN_TEMPLATE/);
  });
});

describe('emails of OpenLDAP', () => {
  const count = async (email: string, different: Partial<LdapDirectoryOptions> = {}) => {
    await using directory = ldapDirectory({ urls: [server.url], ...different });
    return await directory.countByEmail(email);
  };

  test.each([
    ['alice@example.org', 1],
    ['ALICE@Example.org', 1],
    ['twins@example.org', 2],
    ['nobody@example.org', 0],
    ['outsider@example.org', 0],
    ['alice', 0],
    ['*', 0],
  ])('are counted among whom the filter can find: %s', async (email, holders) => {
    expect(await count(email)).toBe(holders);
    expect(await count(email, { userDnTemplate })).toBe(holders);
    // The filter that finds people need not look at emails.
    expect(await count(email, { userFilter: '(uid={username})' })).toBe(holders);
  });

  test('are not those of people whom the filter leaves out', async () => {
    expect(await count('twins@example.org', { userFilter: '(&(uid={username})(!(cn=Twin A)))' })).toBe(1);
  });

  test('are counted by login name where a domain makes them', async () => {
    const emailDomain = 'Corp.example';
    expect(await count('alice@corp.example', { emailDomain })).toBe(1);
    expect(await count('DUP@CORP.EXAMPLE', { emailDomain })).toBe(2);
    expect(await count('alice@example.org', { emailDomain })).toBe(0);
    expect(await count('alice', { emailDomain })).toBe(0);
  });
});
