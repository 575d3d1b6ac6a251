import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { yamlFile } from '../service/yaml-file.ts';
import { type Certificates, testCertificates } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { extendedResponse, searchDone } from '../support/ldap-message.ts';
import { answerHonestly, type LyingOptions, startLyingLdapServer } from '../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../support/open-ldap.ts';
import { consult, openLdapAt, settingsOf, skippedOf } from './consult.ts';

let server: OpenLdap;
let certificates: Certificates;
let files: { ca: string; stranger: string };
beforeAll(async () => {
  [server, certificates] = await Promise.all([startOpenLdap(), testCertificates()]);
  const folder = join(yamlFile(''), '..');
  files = { ca: join(folder, 'ca.pem'), stranger: join(folder, 'stranger.pem') };
  await writeFile(files.ca, certificates.ca);
  await writeFile(files.stranger, certificates.strangerCa);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

/** A server that begins TLS at once, with this certificate. */
const startSecure = (which: keyof Omit<Certificates, 'ca' | 'strangerCa'>, more: LyingOptions = {}) =>
  startLyingLdapServer({
    tls: certificates[which],
    onConnection: (connection) => connection.startTls(),
    ...more,
  });

describe('the steps of a server', () => {
  test('say how it is reached, what its certificate is and what it is', async () => {
    const env = { ...openLdapAt(server.tlsUrl), LDAP_CA_FILE: server.caFile };
    const found = await consult(env);
    const place = { directory: 'default', server: server.tlsUrl };
    const namesAndStates = found.steps.slice(0, 5).map(({ name, status }) => [name, status]);
    expect(namesAndStates).toEqual([
      ['dns', 'ok'],
      ['tcp', 'ok'],
      ['tls', 'ok'],
      ['root dse', 'ok'],
      ['service bind', 'ok'],
    ]);
    expect(found.step('dns')).toMatchObject({ ...place, seen: expect.stringContaining('127.0.0.1') });
    expect(found.step('tcp').seen).toContain(`127.0.0.1 port ${server.tlsPort} answers`);
    const tls = found.step('tls').seen;
    expect(tls).toMatch(/^TLSv1\.3; CN=localhost ← CN=Latchkey sample CA; for localhost, 127\.0\.0\.1/);
    expect(tls).toMatch(/36\d\d days left; good for localhost$/);
    expect(found.step('root dse').seen).toMatch(
      /OpenLDAP; holds dc=example,dc=org; supports StartTLS, whoami/,
    );
    expect(found.step('service bind').seen).toContain('the server says dn:cn=latchkey,ou=services');
    expect([found.code, found.ok]).toEqual([0, true]);
  });

  test('go through StartTLS where it is asked for', async () => {
    const url = `ldap://localhost:${server.port}`;
    const found = await consult({ ...openLdapAt(url), LDAP_STARTTLS: 'true', LDAP_CA_FILE: server.caFile });
    expect(found.step('tls')).toMatchObject({ status: 'ok', seen: expect.stringMatching(/^TLSv1\.3/) });
    expect(found.ok).toBe(true);
  });

  test('end at a host name that nobody has', async () => {
    const found = await consult(openLdapAt('ldaps://nowhere.invalid'));
    expect(found.step('dns')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('urls (LDAP_URL): a host that this machine can resolve'),
    });
    expect(skippedOf(found)).toEqual(
      expect.arrayContaining(['tcp', 'tls', 'root dse', 'service bind', 'people']),
    );
    expect(found.code).toBe(1);
  });

  test('end at a port where nothing listens', async () => {
    const found = await consult(openLdapAt(`ldaps://127.0.0.1:${await freePort()}`));
    expect(found.step('tcp')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('ECONNREFUSED'),
      fix: expect.stringContaining('636 for ldaps://, 389 for ldap://'),
    });
    expect(found.step('tls').status).toBe('skipped');
  });

  test('go on to the next server, and one good server is enough', async () => {
    const urls = `ldap://127.0.0.1:${await freePort()},${server.url}`;
    const found = await consult(openLdapAt(urls));
    expect(found.steps.filter(({ name }) => name === 'tcp').map(({ status }) => status)).toEqual([
      'failed',
      'ok',
    ]);
    expect([found.code, found.ok]).toEqual([0, true]);
  });
});

describe('a certificate', () => {
  test('of an unknown CA asks for the file of that CA', async () => {
    await using liar = await startSecure('good');
    const found = await consult(openLdapAt(`ldaps://localhost:${liar.port}`));
    expect(found.step('tls')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('CN=localhost ← CN=ca'),
      fix: 'caFile (LDAP_CA_FILE): the PEM file of the CA that signed it, here CN=ca',
    });
    expect(found.step('service bind').status).toBe('skipped');
    expect(liar.requests()).toEqual([]);
  });

  test('for another name asks for the name that is in it', async () => {
    await using liar = await startSecure('nameOnly');
    const env = { ...openLdapAt(`ldaps://127.0.0.1:${liar.port}`), LDAP_CA_FILE: files.ca };
    const found = await consult(env);
    expect(found.step('tls')).toMatchObject({
      status: 'failed',
      fix: 'tlsServerName: localhost, or that name in urls (LDAP_URL): the certificate is for localhost',
    });
    expect(liar.requests()).toEqual([]);
  });

  test('with nothing but a common name has to be another', async () => {
    await using liar = await startSecure('commonNameOnly');
    const env = { ...openLdapAt(`ldaps://localhost:${liar.port}`), LDAP_CA_FILE: files.ca };
    expect((await consult(env)).step('tls')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('for no host'),
      fix: expect.stringContaining('give localhost a certificate with a subjectAltName'),
    });
    expect(liar.requests()).toEqual([]);
  });

  test('that has expired can only be renewed', async () => {
    await using liar = await startSecure('expired');
    const env = { ...openLdapAt(`ldaps://localhost:${liar.port}`), LDAP_CA_FILE: files.ca };
    const { status, seen, fix } = (await consult(env)).step('tls');
    expect([status, fix]).toEqual(['failed', expect.stringContaining('renew the certificate on localhost')]);
    expect(seen).toMatch(/expired \d+ days ago/);
  });

  test('that expires within a month is warned about', async () => {
    await using liar = await startSecure('good');
    const env = { ...openLdapAt(`ldaps://localhost:${liar.port}`), LDAP_CA_FILE: files.ca };
    const found = await consult(env);
    expect(found.step('tls')).toMatchObject({
      status: 'warning',
      seen: expect.stringMatching(/\b1 days left|\b2 days left/),
      fix: 'renew the certificate on localhost',
    });
    expect(found.step('service bind').status).toBe('ok');
  });

  test('is not looked for in vain where the port is one of ldap://', async () => {
    const found = await consult(
      settingsOf(
        { tlsTimeout: '300ms', bindDn: 'cn=x', bindPassword: 'xxxx', userBase: 'dc=example,dc=org' },
        [{ id: 'corp', urls: [`ldaps://127.0.0.1:${server.port}`] }],
      ),
    );
    expect(found.step('tls')).toMatchObject({
      directory: 'corp',
      status: 'failed',
      fix: expect.stringContaining('ldap://127.0.0.1:389 with startTls (LDAP_STARTTLS=true)'),
    });
  });

  test('is missing where the server refuses StartTLS', async () => {
    await using liar = await startLyingLdapServer({
      answer: ({ id, operation }, connection) => {
        if (operation === 'extended') connection.send(extendedResponse(id, 2));
      },
    });
    const found = await consult({ ...openLdapAt(`ldap://127.0.0.1:${liar.port}`), LDAP_STARTTLS: 'true' });
    expect(found.step('tls')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('it has no StartTLS (result 2)'),
    });
    expect(liar.binds()).toBe(0);
  });
});

test('a server that hangs up at the first request is none that can be used', async () => {
  await using liar = await startLyingLdapServer({ answer: (_request, connection) => connection.end() });
  const found = await consult(openLdapAt(`ldap://127.0.0.1:${liar.port}`));
  expect(found.step('root dse')).toMatchObject({
    status: 'failed',
    fix: expect.stringContaining('is this the port of an LDAP server?'),
  });
  expect(found.step('service bind').status).toBe('skipped');
});

test('a server that hides its root DSE is asked again after the bind, and used without it', async () => {
  await using liar = await startLyingLdapServer({
    answer: (request, connection) => {
      if (request.operation === 'extended') connection.send(extendedResponse(request.id, 2));
      else if (request.operation === 'search' && request.dn === '')
        connection.send(searchDone(request.id, 48));
      else answerHonestly(request, connection);
    },
  });
  const found = await consult(openLdapAt(`ldap://127.0.0.1:${liar.port}`));
  const looks = found.steps.filter(({ name }) => name === 'root dse');
  expect(looks.map(({ status }) => status)).toEqual(['skipped', 'warning']);
  expect(found.step('service bind').status).toBe('ok');
  expect(found.code).toBe(0);
});

test('a server that does not name itself is used as well', async () => {
  await using liar = await startLyingLdapServer();
  const found = await consult(openLdapAt(`ldap://127.0.0.1:${liar.port}`));
  expect(found.step('root dse').seen).toContain('a server that does not name itself');
  expect(found.code).toBe(0);
});
