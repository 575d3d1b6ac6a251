import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LyingLdapServer, startLyingLdapServer } from '../../support/lying-ldap-server.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { ampleLimits } from '../ample-limits.ts';
import { signIn } from '../stack.ts';
import { SERVICE_DN, startOver } from './over-ldap.ts';

describe('a directory that accepts every bind', () => {
  let server: LyingLdapServer;
  let service: ServiceProcess;
  beforeAll(async () => {
    server = await startLyingLdapServer();
    service = await startOver({
      env: { LDAP_URL: `ldap://127.0.0.1:${server.port}`, LDAP_EMAIL_DOMAIN: 'example.org' },
      settings: { limits: ampleLimits },
    });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const peopleBinds = () =>
    server.requests().filter(({ operation, dn }) => operation === 'bind' && dn !== SERVICE_DN).length;

  test.each([
    '',
    ' ',
    '   ',
    '\t',
    '\n',
    '\u00a0',
    '\u2003\u3000',
    '\ufeff',
    '\0',
    '\0\0',
    'secret\0',
    '\0secret',
  ])('is not asked about the password %j', async (password) => {
    const before = peopleBinds();
    expect(await signIn(service.url, 'alice', password)).toMatchObject({
      status: 401,
      code: 'AUTHENTICATION_FAILED',
    });
    expect(peopleBinds()).toBe(before);
  });

  test('is not asked about a password that is not there', async () => {
    const before = peopleBinds();
    const response = await fetch(`${service.url}/api/v1/fetch_api_key`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'alice' }),
    });
    expect([response.status, await response.json()]).toMatchObject([400, { var_name: 'password' }]);
    expect(peopleBinds()).toBe(before);
  });

  test('is believed about any other password, which is its own affair', async () => {
    const before = peopleBinds();
    expect((await signIn(service.url, 'alice', 'x')).status).toBe(200);
    expect(peopleBinds()).toBe(before + 1);
  });
});
