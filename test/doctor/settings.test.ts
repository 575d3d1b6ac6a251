import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bindResponse, searchDone, searchEntry } from '../support/ldap-message.ts';
import { answerHonestly, startLyingLdapServer } from '../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { consult, openLdapAt, settingsOf, skippedOf } from './consult.ts';

const PEOPLE = 'ou=people,dc=example,dc=org';

describe('what is wrong with the settings of an OpenLDAP', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test.each([
    ['the password', { LDAP_BIND_PASSWORD: 'another-password' }],
    ['the DN', { LDAP_BIND_DN: 'cn=nobody,ou=services,dc=example,dc=org' }],
  ])('is %s of the service account', async (_what, wrong) => {
    const found = await consult({ ...openLdapAt(server.url), ...wrong });
    expect(found.step('service bind')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('result 49 (InvalidCredentials)'),
      fix: expect.stringContaining('bindDn (LDAP_BIND_DN), bindPassword (LDAP_BIND_PASSWORD)'),
    });
    expect(found.step('people').status).toBe('skipped');
    expect(found.code).toBe(1);
  });

  test('is the user base: what the server holds is suggested', async () => {
    const found = await consult({ ...openLdapAt(server.url), LDAP_USER_BASE: 'ou=staff,dc=example,dc=org' });
    expect(found.step('people')).toMatchObject({
      status: 'failed',
      seen: 'result 32 (NoSuchObject)',
      fix: 'userBase (LDAP_USER_BASE): the DN below which people are; the server holds dc=example,dc=org',
    });
    expect(found.code).toBe(1);
  });

  test('is the filter, which finds nobody', async () => {
    const filter = '(&(objectClass=user)(sAMAccountName={username}))';
    const found = await consult({ ...openLdapAt(server.url), LDAP_USER_FILTER: filter });
    expect(found.step('people')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('userFilter (LDAP_USER_FILTER)'),
    });
  });

  test('is the preset', async () => {
    const found = await consult({ ...openLdapAt(server.url), LDAP_PRESET: '389ds' });
    expect(found.step('root dse')).toMatchObject({
      status: 'warning',
      fix: 'preset (LDAP_PRESET): openldap fits this server, and it is 389ds',
    });
    expect(found.step('people').fix).toContain('idAttribute');
  });

  test('is nothing where a DN template does without a service account: the person alone can be read', async () => {
    const found = await consult(
      settingsOf(
        { userBase: PEOPLE, userDnTemplate: `uid={username},${PEOPLE}` },
        [{ id: 'corp', urls: [server.url] }],
        { keys: { maxAge: '1d' } },
      ),
    );
    expect(skippedOf(found)).toEqual(expect.arrayContaining(['service bind', 'people']));
    expect(found.ok).toBe(true);
  });

  test('is nothing for a person who is read as themselves, after one bind', async () => {
    await using proxy = await startTcpProxy({ port: server.port });
    const env = settingsOf(
      { userBase: PEOPLE, userDnTemplate: `uid={username},${PEOPLE}` },
      [{ id: 'corp', urls: [`ldap://127.0.0.1:${proxy.port}`] }],
      { keys: { maxAge: '1d' } },
    );
    const right = await consult(env, 'alice', 'alice-secret');
    expect(right.step('search').seen).toContain(`would be bound as uid=alice,${PEOPLE}`);
    expect(right.step('bind')).toMatchObject({ status: 'ok', seen: `accepted: uid=alice,${PEOPLE}` });
    expect(right.step('emails').seen).toContain('alice@example.org');
    expect([right.code, proxy.binds()]).toEqual([0, [`uid=alice,${PEOPLE}`]]);
    const wrong = await consult(env, 'alice', 'guessed-wrong');
    expect([wrong.code, proxy.binds().length]).toEqual([1, 2]);
    expect((await consult(env, 'alice')).code).toBe(1);
  });
});

describe('a server that wants protection', () => {
  test('asks for StartTLS', async () => {
    await using server = await startOpenLdap({ extra: 'security simple_bind=128' });
    const found = await consult(openLdapAt(server.url));
    expect(found.step('service bind')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('result 13 (ConfidentialityRequired)'),
      fix: 'startTls (LDAP_STARTTLS=true), or urls (LDAP_URL): ldaps://127.0.0.1',
    });
  });

  test('that speaks of stronger authentication, as Active Directory does, asks for it too', async () => {
    await using liar = await startLyingLdapServer({
      answer: (request, connection) => {
        if (request.operation === 'bind') connection.send(bindResponse(request.id, 8));
        else answerHonestly(request, connection);
      },
    });
    const found = await consult(openLdapAt(`ldap://127.0.0.1:${liar.port}`));
    expect(found.step('service bind').fix).toContain('LDAP_STARTTLS=true');
  });

  test('that demands client certificates takes ours, and refuses people', async () => {
    await using server = await startOpenLdap({ verifyClient: 'demand' });
    const found = await consult(withCertificate(server), 'alice', 'alice-secret');
    expect(found.step('service bind')).toMatchObject({
      status: 'ok',
      seen: expect.stringContaining('by client certificate: the server says dn:cn=latchkey,ou=services'),
    });
    expect(found.step('people’s bind')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('TLSVerifyClient allow or try, not demand'),
    });
    expect(found.step('bind').status).toBe('skipped');
    expect(found.code).toBe(1);
  });

  test('that allows client certificates takes people without one', async () => {
    await using server = await startOpenLdap({ verifyClient: 'allow' });
    const found = await consult(withCertificate(server), 'alice', 'alice-secret');
    expect(found.step('people’s bind').status).toBe('ok');
    expect(found.step('bind').status).toBe('ok');
    expect(found.code).toBe(0);
  });
});

/** The settings of a service account by its certificate. */
function withCertificate({ tlsUrl, caFile, clientCertFile, clientKeyFile }: OpenLdap) {
  return settingsOf({ caFile, clientCertFile, clientKeyFile, userBase: PEOPLE }, [
    { id: 'corp', urls: [tlsUrl] },
  ]);
}

test('what a server says cannot forge a line of the report', async () => {
  await using liar = await startLyingLdapServer({
    answer: (request, connection) => {
      if (request.operation !== 'search' || request.dn !== '') return answerHonestly(request, connection);
      const vendorName = ['Evil\u001b[2J\r\n  ok  everything\u202e'];
      connection.send(searchEntry(request.id, '', { vendorName }), searchDone(request.id, 0));
    },
  });
  const { seen } = (await consult(openLdapAt(`ldap://127.0.0.1:${liar.port}`))).step('root dse');
  expect(seen).toMatch(/^Evil \[2J {3}ok {2}everything ?;/);
});
