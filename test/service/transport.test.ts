import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stack, signIn, startStack } from './stack.ts';

describe('the way to the directory', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  const attempt = async (env: Readonly<Record<string, string>>) => {
    const service = await stack.startService(env);
    const { status } = await signIn(service.url, 'alice', 'alice-secret');
    return status;
  };

  test('is ldaps:// with the CA from a file', async () => {
    expect(await attempt({ LDAP_URL: stack.ldap.tlsUrl, LDAP_CA_FILE: stack.ldap.caFile })).toBe(200);
  });

  test('is ldaps:// to an address, where the certificate names it', async () => {
    const url = `ldaps://127.0.0.1:${stack.ldap.tlsPort}`;
    expect(await attempt({ LDAP_URL: url, LDAP_CA_FILE: stack.ldap.caFile })).toBe(200);
  });

  test('is StartTLS, with no bind before it', async () => {
    const env = { LDAP_STARTTLS: 'true', LDAP_CA_FILE: stack.ldap.caFile };
    stack.ldapProxy.resetCounts();
    expect(await attempt(env)).toBe(200);
    expect(stack.ldapProxy.ldapOps()).toMatchObject({ bind: 0, search: 0 });
    expect(stack.ldapProxy.ldapOps().extended).toBeGreaterThan(0);
  });

  test('is closed where the certificate is of a CA that is not known', async () => {
    expect(await attempt({ LDAP_URL: stack.ldap.tlsUrl })).toBe(503);
  });

  test('skips a server that is not there', async () => {
    const urls = `ldaps://127.0.0.1:1,${stack.ldap.tlsUrl}`;
    expect(await attempt({ LDAP_URL: urls, LDAP_CA_FILE: stack.ldap.caFile })).toBe(200);
  });

  test('finds a person by a DN template', async () => {
    const template = `uid={username},ou=people,${stack.ldap.baseDn}`;
    expect(await attempt({ LDAP_USER_DN_TEMPLATE: template })).toBe(200);
  });
});
