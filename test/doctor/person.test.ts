import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deriveApiKey } from '../../src/keys/api-key.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { BARE, consult, openLdapAt, settingsOf } from './consult.ts';

const ALICE = 'uid=alice,ou=people,dc=example,dc=org';
const STAFF = 'cn=staff,ou=groups,dc=example,dc=org';

const accountOf = ({ serviceDn, servicePassword }: OpenLdap) => ({
  bindDn: serviceDn,
  bindPassword: servicePassword,
  userBase: 'ou=people,dc=example,dc=org',
});

describe('the sign-in of one person', () => {
  let server: OpenLdap;
  let proxy: TcpProxy;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    server = await startOpenLdap({ policies: true });
    proxy = await startTcpProxy({ port: server.port });
    env = openLdapAt(`ldap://127.0.0.1:${proxy.port}`);
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });
  /** Binds that were made as somebody, and not as the service account. */
  const personBinds = () => proxy.binds().filter((dn) => dn !== server.serviceDn);
  const consultAfresh: typeof consult = (...args) => {
    proxy.resetCounts();
    return consult(...args);
  };

  test('works, and costs one bind', async () => {
    const found = await consultAfresh({ ...env, LDAP_REQUIRED_GROUP: STAFF }, 'alice', 'alice-secret');
    expect(found.step('search')).toMatchObject({
      status: 'ok',
      seen: expect.stringContaining(`${ALICE}; id `),
    });
    expect(found.step('search').seen).toContain('username alice, email alice@example.org, full name Alice');
    expect(found.step('account').status).toBe('ok');
    expect(found.step('groups').seen).toMatch(
      /^by walk below dc=example,dc=org: developers \(direct\).*staff \(through another group\); requiredGroup is among them$/,
    );
    expect(found.step('bind')).toMatchObject({ status: 'ok', seen: `accepted: ${ALICE}` });
    expect(found.step('id look-up').seen).toMatch(/^by entryUUID: [\d.]+ ms; by DN, .*: [\d.]+ ms$/);
    expect(personBinds()).toEqual([ALICE]);
    expect([found.code, found.ok]).toEqual([0, true]);
  });

  test('fails with a wrong password, which costs one bind as well', async () => {
    const found = await consultAfresh(env, 'alice@example.org', 'guessed-wrong');
    expect(found.step('bind')).toMatchObject({ status: 'failed', seen: 'refused: wrong-password' });
    expect(found.step('bind').fix).toContain('No setting is at fault');
    expect(personBinds()).toEqual([ALICE]);
    expect(found.code).toBe(1);
  });

  test('is looked at as far as it goes without a password', async () => {
    const found = await consultAfresh(env, 'alice');
    expect(found.step('bind')).toMatchObject({ status: 'skipped' });
    expect(personBinds()).toEqual([]);
    expect(found.code).toBe(0);
  });

  test.each([
    ['an empty line', ''],
    ['white space', '  '],
  ])('makes no bind with %s for a password', async (_what, password) => {
    const found = await consultAfresh(env, 'alice', password);
    expect(found.step('bind')).toMatchObject({ status: 'failed', seen: expect.stringContaining('no bind') });
    expect(personBinds()).toEqual([]);
  });

  test('makes no bind with one of our own API keys for a password', async () => {
    const ring = createSecretRing([Buffer.from(BARE['LATCHKEY_SECRET'] ?? '', 'base64')]);
    const key = deriveApiKey(ring.current, 1, Buffer.alloc(16, 1).toString('hex'));
    const found = await consultAfresh(env, 'alice', key);
    expect(found.step('bind')).toMatchObject({ status: 'failed', seen: expect.stringContaining('API key') });
    expect(personBinds()).toEqual([]);
  });

  test('makes no bind where nobody has the name, and says who has something like it', async () => {
    const nobody = await consultAfresh(env, 'nobody', 'some-password');
    expect(nobody.step('search')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('no entry below dc=example,dc=org carries that name'),
    });
    const elsewhere = await consult(env, 'latchkey', 'some-password');
    expect(elsewhere.step('search').fix).toContain(
      'the name is that of cn=latchkey,ou=services,dc=example,dc=org',
    );
    const filtered = await consult(
      { ...env, LDAP_USER_FILTER: '(&(uid={username})(mail=bob@example.org))' },
      'alice',
      'x-secret',
    );
    expect(filtered.step('search').fix).toContain(`it leaves out ${ALICE}`);
    expect(personBinds()).toEqual([]);
    expect(nobody.step('bind').status).toBe('skipped');
    expect(nobody.code).toBe(1);
  });

  test('makes no bind where the groups do not let the person in', async () => {
    const found = await consultAfresh({ ...env, LDAP_REQUIRED_GROUP: STAFF }, 'bob', 'bob-secret');
    expect(found.step('groups')).toMatchObject({
      status: 'failed',
      fix: `requiredGroup (LDAP_REQUIRED_GROUP): put the person into ${STAFF}, or name a group that holds them`,
    });
    const missing = 'cn=nowhere,ou=groups,dc=example,dc=org';
    const none = await consult({ ...env, LDAP_REQUIRED_GROUP: missing }, 'bob', 'bob-secret');
    expect(none.step('groups').fix).toContain(`there is no ${missing}`);
    expect(none.step('bind').seen).toContain('no bind was made');
    expect(personBinds()).toEqual([]);
  });

  test('is held below the lockout that the policy states', async () => {
    const lockout = { policyDn: 'cn=default,ou=policies,dc=example,dc=org' };
    const found = await consult(
      settingsOf({ ...accountOf(server), lockout }, [{ id: 'corp', urls: [server.url] }]),
      'alice',
    );
    expect(found.step('lockout')).toMatchObject({
      status: 'ok',
      seen: expect.stringMatching(/^locks at 10 wrong passwords, .*cut to stay below$/),
    });
  });

  test('is refused by a group that denies', async () => {
    const found = await consult(
      settingsOf({ ...accountOf(server), denyGroups: [STAFF] }, [{ id: 'corp', urls: [server.url] }]),
      'alice',
    );
    expect(found.step('groups').fix).toContain(`denyGroups: ${STAFF} keeps this person out`);
    expect(found.code).toBe(1);
  });

  test('makes no bind for somebody whose entry says that they are out', async () => {
    const found = await consultAfresh(env, 'sven', 'sven-secret');
    expect(found.step('account')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('shadowExpire'),
      fix: expect.stringContaining('enable the account'),
    });
    expect(personBinds()).toEqual([]);
  });

  test('says that a password must be changed, or has expired', async () => {
    const carol = await consult(env, 'carol', 'carol-secret');
    expect(carol.step('bind')).toMatchObject({ status: 'failed', seen: 'refused: password-must-change' });
    const erin = await consult(env, 'erin', 'erin-secret');
    expect(erin.step('bind')).toMatchObject({ status: 'failed', seen: 'refused: password-expired' });
    expect(erin.step('bind').fix).toContain('set a new password');
  });
});

describe('the sign-in of people who are not so clear', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('fails where two have the name: both are named', async () => {
    const found = await consult(openLdapAt(server.url), 'dup', 'dup-secret');
    const { status, fix } = found.step('search');
    expect([status, fix]).toEqual(['failed', expect.stringContaining('userFilter (LDAP_USER_FILTER)')]);
    expect(fix).toContain('uid=dup,ou=north,ou=people,dc=example,dc=org');
    expect(fix).toContain('uid=dup,ou=south,ou=people,dc=example,dc=org');
    expect(found.step('bind').status).toBe('skipped');
  });

  test('fails without an email, and with another’s', async () => {
    const none = await consult(openLdapAt(server.url), 'no-mail', 'no-mail-secret');
    expect(none.step('emails').fix).toContain('emailAttribute (LDAP_EMAIL_ATTRIBUTE)');
    expect(none.step('bind').status).toBe('skipped');
    const shared = await consult(openLdapAt(server.url), 'twin-a', 'twin-a-secret');
    expect(shared.step('emails')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('allowSharedEmails'),
    });
  });

  test('fails where an email is demanded and a login name was given', async () => {
    const env = { ...openLdapAt(server.url), REQUIRE_EMAIL_FORMAT_USERNAMES: 'true' };
    expect((await consult(env, 'alice')).step('emails').fix).toContain('sign in as alice@example.org');
    expect((await consult(env, 'alice@example.org')).step('emails').status).toBe('ok');
  });

  test('does not ask about names that never reach a directory', async () => {
    const found = await consult(openLdapAt(server.url), 'ali\u200bce', 'alice-secret');
    expect(found.step('search')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('invisible'),
    });
    expect(found.step('bind').status).toBe('skipped');
  });

  test('is that of the one directory which knows the person, though another is away', async () => {
    const env = settingsOf(accountOf(server), [
      { id: 'away', urls: ['ldap://127.0.0.1:1'], emailDomains: ['away.example'] },
      { id: 'corp', urls: [server.url], emailDomains: ['example.org'] },
    ]);
    const found = await consult(env, 'alice', 'alice-secret');
    expect(found.step('which directory').seen).toBe('the person is that of corp');
    expect(found.step('tcp')).toMatchObject({ directory: 'away', status: 'failed' });
    expect([found.step('bind').status, found.code]).toEqual(['ok', 0]);
    expect((await consult(env)).code).toBe(1);
  });
});
