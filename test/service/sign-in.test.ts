import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '../support/service-process.ts';
import { requestLine } from './request-lines.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

/** Enough for every test of this file, so that only the directory says no. */
const LIMITS =
  'limits: { perUsername: { attempts: 1000, window: 1m }, perAddress: { attempts: 1000, window: 1m } }\n';

describe('signing in against a real directory', () => {
  let stack: Stack;
  let service: ServiceProcess;

  beforeAll(async () => {
    stack = await startStack();
    service = await stack.startService({ LATCHKEY_CONFIG: yamlFile(LIMITS) });
  });
  beforeEach(() => stack.ldapProxy.resetCounts());
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  const attempt = (username: string, password: string) => signIn(service.url, username, password);

  test('gives a key, which verifies as the person', async () => {
    const { status, apiKey, userId } = await attempt('alice', 'alice-secret');
    expect(status).toBe(200);
    const verified = await verify(service.url, apiKey);
    expect(verified.status).toBe(200);
    expect(Object.fromEntries(verified.headers)).toMatchObject({
      'remote-user': 'alice',
      'remote-email': 'alice@example.org',
      'remote-name': 'Alice Archer',
      'remote-groups': '',
      'x-auth-user-id': String(userId),
    });
  });

  test.each([
    ['an email', 'alice@example.org'],
    ['another case', 'ALICE'],
    ['space around it', '  alice '],
    ['fullwidth letters', 'ａｌｉｃｅ'],
  ])('gives the same key for %s', async (_what, spelling) => {
    const [usual, other] = [await attempt('alice', 'alice-secret'), await attempt(spelling, 'alice-secret')];
    expect(other.text).toBe(usual.text);
  });

  test.each([
    ['a non-ASCII login name', 'josé', 'josé-secret', 'jose@example.org'],
    ['the same in NFD', 'jose\u0301', 'josé-secret', 'jose@example.org'],
    ['filter metacharacters', 'star*(user)', 'star*(user)-secret', 'star@example.org'],
    [
      'DN metacharacters',
      `o'brien, pat+x "q" #1 \\ <a>;=`,
      `o'brien, pat+x "q" #1 \\ <a>;=-secret`,
      'pat@example.org',
    ],
    ['two emails: the first', 'two-mails', 'two-mails-secret', 'second@example.org'],
    ['a password with spaces and umlauts', 'spacey', 'pässwörd with spaces ', 'spacey@example.org'],
  ])('takes %s', async (_what, username, password, email) => {
    const { status, text } = await attempt(username, password);
    expect({ status, email: JSON.parse(text).email }).toEqual({ status: 200, email });
  });

  const refusals: [what: string, username: string, password: string, outcome: string, binds: number][] = [
    ['a wrong password', 'alice', 'wrong', 'wrong-password', 1],
    ['an unknown person', 'nobody', 'nobody-secret', 'unknown-user', 0],
    ['a wildcard', '*', 'alice-secret', 'unknown-user', 0],
    ['filter syntax', 'alice)(uid=*', 'alice-secret', 'unknown-user', 0],
    ['filter syntax that closes the filter', '*)(&', 'alice-secret', 'unknown-user', 0],
    ['an escaped wildcard', '\\2a', 'alice-secret', 'unknown-user', 0],
    ['DN syntax', 'alice,ou=people', 'alice-secret', 'unknown-user', 0],
    ['two entries with the login name', 'dup', 'dup-secret', 'ambiguous', 0],
    ['two entries with the email', 'twins@example.org', 'twin-a-secret', 'ambiguous', 0],
    ['a person without an email', 'no-mail', 'no-mail-secret', 'no-email', 0],
    ['a person outside the base', 'outsider', 'outsider-secret', 'unknown-user', 0],
    ['a person without a password', 'passwordless', 'anything', 'wrong-password', 1],
    ['an empty password', 'alice', '', 'malformed-password', 0],
    ['a blank password', 'alice', ' \u3000', 'malformed-password', 0],
    ['a NUL for a password', 'alice', '\0', 'malformed-password', 0],
    ["a NUL at the name's end", 'alice\0', 'alice-secret', 'malformed-username', 0],
    ['a line feed in the name', 'ali\nce', 'alice-secret', 'malformed-username', 0],
    ['a zero-width space in the name', 'ali\u200bce', 'alice-secret', 'malformed-username', 0],
    ['the SASL mechanism EXTERNAL', 'EXTERNAL', '', 'malformed-password', 0],
    ['EXTERNAL with an identity for a password', 'EXTERNAL', 'dn:cn=latchkey', 'unknown-user', 0],
    ['the SASL mechanism PLAIN', 'PLAIN', 'u:alice', 'unknown-user', 0],
    ['the SASL mechanism DIGEST-MD5', 'DIGEST-MD5', 'x', 'unknown-user', 0],
    ['the SASL mechanism SCRAM-SHA-1', 'SCRAM-SHA-1', 'x', 'unknown-user', 0],
  ];

  test.each(refusals)('refuses %s with the one answer, after as many binds as it takes', async (...row) => {
    const [, username, password, outcome, binds] = row;
    const { status, text, headers } = await attempt(username, password);
    expect({ status, text }).toEqual({
      status: 401,
      text: '{"result":"error","msg":"Your username or password is incorrect","code":"AUTHENTICATION_FAILED"}\n',
    });
    expect(headers.get('www-authenticate')).toBeNull();
    const bound = stack.ldapProxy.binds().filter((dn) => dn !== stack.ldap.serviceDn);
    expect(bound).toHaveLength(binds);
    expect(await requestLine(service, headers.get('x-request-id'))).toMatchObject({ outcome });
    expect((await attempt('bob', 'bob-secret')).status).toBe(200);
  });

  test('refuses one of our own keys for a password, with no bind', async () => {
    const { apiKey } = await attempt('alice', 'alice-secret');
    stack.ldapProxy.resetCounts();
    expect((await attempt('alice', apiKey)).code).toBe('AUTHENTICATION_FAILED');
    expect(stack.ldapProxy.binds()).toEqual([]);
  });
});
