import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { startRecordingRelay } from '../../../support/recording-relay.ts';
import { dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const alice = principalAt(dnOf('alice'));

describe('TLS with an OpenLDAP that its CA vouches for', () => {
  let server: OpenLdap;
  let ca: string;
  beforeAll(async () => {
    // It refuses whatever comes in clear, so that success means TLS.
    server = await startOpenLdap({ extra: 'security simple_bind=128' });
    ca = await readFile(server.caFile, 'utf8');
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const signIn = async (different: Partial<LdapDirectoryOptions> & Pick<LdapDirectoryOptions, 'urls'>) => {
    await using directory = ldapDirectory({ ca, ...different });
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    expect(await directory.verifyPassword(alice, 'wrong')).toEqual({ refusal: 'wrong-password' });
    expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ principal: alice });
  };

  test('is needed there', async () => {
    expect(await reasonsOf(signIn({ urls: [server.url] }))).toMatch(/confidentiality required/i);
  });

  test.each(['localhost', '127.0.0.1'])('works from the first byte on, at %s', async (host) => {
    await signIn({ urls: [`ldaps://${host}:${server.tlsPort}`] });
  });

  test.each(['localhost', '127.0.0.1'])('works after StartTLS, at %s', async (host) => {
    await signIn({ urls: [`ldap://${host}:${server.port}`], startTls: true });
  });

  test.each(['ldaps', 'ldap'])('works at an address of IPv6, with %s', async (scheme) => {
    await using relay = await startRecordingRelay(
      { port: scheme === 'ldaps' ? server.tlsPort : server.port },
      '::1',
    );
    await signIn({ urls: [`${scheme}://[::1]:${relay.port}`], startTls: true });
    expect(relay.binds()).toEqual([]);
  });

  test('sends nothing in clear but the StartTLS request', async () => {
    await using relay = await startRecordingRelay(server);
    await signIn({ urls: [`ldap://127.0.0.1:${relay.port}`], startTls: true });
    expect(relay.connections().length).toBeGreaterThanOrEqual(2);
    for (const requests of relay.connections()) {
      expect(requests.map(({ operation }) => operation)).toEqual(['extended']);
    }
  });

  test('checks the name that the settings give, where they give one', async () => {
    await signIn({ urls: [`ldaps://127.0.0.1:${server.tlsPort}`], tlsServerName: 'localhost' });
    await signIn({ urls: [`ldap://localhost:${server.port}`], startTls: true, tlsServerName: '127.0.0.1' });
  });
});
