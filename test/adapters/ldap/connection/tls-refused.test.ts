import { once } from 'node:events';
import type { SecureVersion } from 'node:tls';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type Certificates, testCertificates } from '../../../support/certificates.ts';
import { type LyingLdapServer, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { bindsAlone, dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const bothWays = ['ldaps', 'starttls'] as const;
type Way = (typeof bothWays)[number];

let certificates: Certificates;
beforeAll(async () => {
  certificates = await testCertificates();
});

/** Every call of a directory at this port, and why it failed. */
async function reasonsAt(
  way: Way,
  port: number,
  different: Partial<LdapDirectoryOptions>,
  host = 'localhost',
) {
  const urls = [`${way === 'ldaps' ? 'ldaps' : 'ldap'}://${host}:${port}`];
  await using directory = ldapDirectory({ urls, startTls: true, ...bindsAlone, ...different });
  const alice = principalAt(dnOf('alice'));
  const calls = [directory.find('alice'), directory.verifyPassword(alice, 'alice-secret'), directory.ping()];
  return (await Promise.all(calls.map(reasonsOf))).join('\n');
}

/** A server that would answer every bind, if only one came. */
function startServer(way: Way, certificate: 'good' | 'expired' | 'nameOnly', versions: object = {}) {
  return startLyingLdapServer({
    tls: { ...certificates[certificate], ...versions },
    onConnection: (connection) => way === 'ldaps' && connection.startTls(),
  });
}

function expectNoBind(server: LyingLdapServer) {
  expect(server.connections().accepted).toBeGreaterThan(0);
  expect(server.requests().filter(({ operation }) => operation !== 'extended')).toEqual([]);
}

describe.each(bothWays)('TLS by %s', (way) => {
  test('is accepted where nothing is wrong', async () => {
    await using server = await startServer(way, 'good');
    const urls = [`${way === 'ldaps' ? 'ldaps' : 'ldap'}://127.0.0.1:${server.port}`];
    await using directory = ldapDirectory({ urls, startTls: true, ca: certificates.ca });
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    expect(
      server.requests().filter((request) => request.operation !== 'extended' && !request.isSecure),
    ).toEqual([]);
  });

  test('is refused, before any bind, where the CA is another', async () => {
    await using server = await startServer(way, 'good');
    expect(await reasonsAt(way, server.port, { ca: certificates.strangerCa })).toMatch(/certificate/i);
    expectNoBind(server);
  });

  test('is refused, before any bind, where the CA is none that the system knows', async () => {
    await using server = await startServer(way, 'good');
    expect(await reasonsAt(way, server.port, { ca: undefined })).toMatch(/certificate/i);
    expectNoBind(server);
  });

  test('is refused, before any bind, where the certificate has expired', async () => {
    await using server = await startServer(way, 'expired');
    expect(await reasonsAt(way, server.port, { ca: certificates.ca })).toMatch(/expired/);
    expectNoBind(server);
  });

  test('is refused, before any bind, where the certificate is for another name', async () => {
    await using server = await startServer(way, 'good');
    const reasons = await reasonsAt(way, server.port, {
      ca: certificates.ca,
      tlsServerName: 'wrong.example',
    });
    expect(reasons).toMatch(/wrong\.example/);
    expectNoBind(server);
  });

  test('is refused, before any bind, where the certificate is for the name and the URL has an address', async () => {
    await using server = await startServer(way, 'nameOnly');
    expect(await reasonsAt(way, server.port, { ca: certificates.ca }, '127.0.0.1')).toMatch(/127\.0\.0\.1/);
    expectNoBind(server);
  });

  test('is refused, before any bind, where the server speaks TLS 1.1 only', async () => {
    const old: SecureVersion = 'TLSv1.1';
    const versions = { minVersion: old, maxVersion: old, ciphers: 'DEFAULT@SECLEVEL=0' };
    await using server = await startServer(way, 'good', versions);
    expect(await reasonsAt(way, server.port, { ca: certificates.ca })).toMatch(/version|protocol/i);
    expectNoBind(server);
    if (way !== 'ldaps') return;
    // That server does speak it, with whoever wants it.
    const socket = tlsConnect({ host: 'localhost', port: server.port, ca: certificates.ca, ...versions });
    await once(socket, 'secureConnect');
    socket.destroy();
  });
});

describe('TLS with OpenLDAP', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const impatient = { tlsTimeoutMs: 2_000 };

  test.each(bothWays)('by %s is refused where the CA is another, or the name', async (way) => {
    await using proxy = await startTcpProxy({ port: way === 'ldaps' ? server.tlsPort : server.port });
    await reasonsAt(way, proxy.port, { ca: certificates.strangerCa });
    await reasonsAt(way, proxy.port, { ca: undefined });
    await reasonsAt(way, proxy.port, { tlsServerName: 'wrong.example' });
    expect(proxy.counts.connections).toBeGreaterThanOrEqual(9);
    expect(proxy.ldapOps()).toMatchObject({ bind: 0, search: 0 });
  });

  test('fails in bounded time where the port is the other one', async () => {
    await using clear = await startTcpProxy({ port: server.port });
    await using secure = await startTcpProxy({ port: server.tlsPort });
    await reasonsAt('ldaps', clear.port, impatient);
    await reasonsAt('starttls', secure.port, impatient);
    expect(clear.ldapOps().bind + secure.ldapOps().bind).toBe(0);
  });
});
