import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../../contract/ask.ts';
import { FETCH_API_KEY } from '../../contract/sign-in.ts';
import { type LyingLdapServer, startLyingLdapServer } from '../../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../../support/open-ldap.ts';
import { type RecordingRelay, startRecordingRelay } from '../../support/recording-relay.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { startOver } from './over-ldap.ts';

/** What other gateways and servers have taken for settings, with values of an attacker. */
const headersOf = (attacker: string): Readonly<Record<string, string>> => ({
  'X-Ldap-URL': attacker,
  'X-Ldap-Starttls': 'false',
  'X-Ldap-BaseDN': 'dc=attacker',
  'X-Ldap-BindDN': 'cn=attacker',
  'X-Ldap-BindPass': 'attacker',
  'X-Ldap-Template': '(|(uid=*)(uid=%(username)s))',
  'X-Ldap-DisableReferrals': 'false',
  'X-Ldap-Realm': 'attacker',
  'X-CookieName': 'attacker',
  Cookie: `nginxauth=${Buffer.from('alice:alice-secret').toString('base64')}`,
  'X-Forwarded-Host': 'attacker.example',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Prefix': '/attacker',
  'X-Forwarded-For': '203.0.113.7',
  Forwarded: 'for=203.0.113.7;host=attacker.example;proto=https',
  'X-Original-URL': `${FETCH_API_KEY}?username=root`,
  'X-Original-Method': 'GET',
  'X-Rewrite-URL': '/verify',
  'X-HTTP-Method-Override': 'GET',
  'Remote-User': 'root',
  Remote_User: 'root',
  'LATCHKEY-SECRET': 'attacker',
  LDAP_URL: attacker,
});

describe('headers that name settings', () => {
  let server: OpenLdap;
  let relay: RecordingRelay;
  let attacker: LyingLdapServer;
  let service: ServiceProcess;
  let headers: Readonly<Record<string, string>>;
  beforeAll(async () => {
    server = await startOpenLdap();
    relay = await startRecordingRelay(server);
    attacker = await startLyingLdapServer();
    headers = headersOf(`ldap://127.0.0.1:${attacker.port}`);
    service = await startOver({ env: { LDAP_URL: `ldap://127.0.0.1:${relay.port}` } });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await attacker?.[Symbol.asyncDispose]();
    await relay?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const form = { username: 'alice', password: 'alice-secret' };
  /** Everything that the directory was asked until now, whatever the connection. */
  const asked = () =>
    relay
      .connections()
      .flat()
      .map(({ operation, dn, authentication }) => JSON.stringify({ operation, dn, authentication }));

  test('move no sign-in to another server, base or account', async () => {
    const plain = await ask(service.url + FETCH_API_KEY, { form });
    expect(plain.status).toBe(200);
    const usual = new Set(asked());
    expect((await ask(service.url + FETCH_API_KEY, { headers, form })).text).toBe(plain.text);
    expect(new Set(asked())).toEqual(usual);
    expect(attacker.connections().accepted).toBe(0);
  });

  test('move no verification to another person', async () => {
    const { api_key: key } = (await ask(service.url + FETCH_API_KEY, { form })).json();
    const verified = await ask(`${service.url}/verify`, {
      headers: { ...headers, Authorization: `Bearer ${key}` },
    });
    expect(verified.status).toBe(200);
    expect(verified.headers.get('remote-user')).toBe('alice');
    expect((await ask(`${service.url}/verify`, { headers })).status).toBe(401);
    expect(attacker.connections().accepted).toBe(0);
  });

  test.each(['/api/v1/server_settings', '/accounts/login/', '/account', '/healthz'])(
    'change nothing of %s',
    async (path) => {
      const plain = await ask(service.url + path);
      const spoofed = await ask(service.url + path, { headers });
      const withoutToken = (text: string) => text.replaceAll(/value="[A-Za-z0-9_-]{20,}"/g, '');
      expect(spoofed.status).toBe(plain.status);
      expect(spoofed.headers.get('location')).toBe(plain.headers.get('location'));
      expect(withoutToken(spoofed.text)).toBe(withoutToken(plain.text));
      expect(spoofed.text).not.toContain('attacker');
    },
  );
});
