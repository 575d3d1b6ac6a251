import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

describe('a service without a service account', () => {
  let stack: Stack;
  let service: ServiceProcess;

  beforeAll(async () => {
    stack = await startStack();
    service = await stack.startService({
      LDAP_BIND_DN: '',
      LDAP_BIND_PASSWORD: '',
      LDAP_USER_DN_TEMPLATE: 'uid={username},ou=people,dc=example,dc=org',
      LATCHKEY_CONFIG: yamlFile('keys: { maxAge: 30d }\n'),
    });
  });
  beforeEach(() => stack.ldapProxy.resetCounts());
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  test('gives a key by one bind and one search, both as the person', async () => {
    const { status, apiKey } = await signIn(service.url, 'alice', 'alice-secret');
    expect(status).toBe(200);
    expect(stack.ldapProxy.binds()).toEqual(['uid=alice,ou=people,dc=example,dc=org']);
    // The other asks a new connection's root DSE what may be sent.
    expect(stack.ldapProxy.ldapOps()).toMatchObject({ bind: 1, search: 2 });
    const verified = await verify(service.url, apiKey);
    expect(Object.fromEntries(verified.headers)).toMatchObject({
      'remote-user': 'alice',
      'remote-email': 'alice@example.org',
    });
  });

  test('refuses a wrong password after one bind, and somebody outside the base as it does anybody', async () => {
    const wrong = await signIn(service.url, 'bob', 'wrong');
    expect(stack.ldapProxy.ldapOps()).toMatchObject({ bind: 1, search: 0 });
    const outside = await signIn(service.url, 'outsider', 'outsider-secret');
    expect(wrong.status).toBe(401);
    expect([outside.status, outside.text]).toEqual([wrong.status, wrong.text]);
  });

  test('counts the failures of one bind name under all its spellings', async () => {
    for (const spelling of ['carol', 'CAROL', 'ｃarol', ' Carol', 'caroL']) {
      expect((await signIn(service.url, spelling, 'wrong')).status).toBe(401);
    }
    expect((await signIn(service.url, 'carol', 'carol-secret')).status).toBe(429);
    expect(stack.ldapProxy.ldapOps()).toMatchObject({ bind: 5 });
  });

  test('says that it is ready, and that nobody sees which emails are shared', async () => {
    const ready = await fetch(`${service.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(JSON.stringify(await ready.json())).not.toContain('unreachable');
    await until('it is logged', () =>
      service
        .logs()
        .some(({ level, msg }) => level === 'warn' && String(msg).startsWith('LDAP_EMAIL_DOMAIN: not set')),
    );
  });
});
