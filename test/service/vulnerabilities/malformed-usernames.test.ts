import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LyingLdapServer, startLyingLdapServer } from '../../support/lying-ldap-server.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { ampleLimits } from '../ample-limits.ts';
import { requestLine } from '../request-lines.ts';
import { signIn } from '../stack.ts';
import { startOver } from './over-ldap.ts';

describe('a directory that finds somebody whatever is asked', () => {
  let server: LyingLdapServer;
  let service: ServiceProcess;
  beforeAll(async () => {
    server = await startLyingLdapServer();
    service = await startOver({
      env: { LDAP_URL: `ldap://127.0.0.1:${server.port}`, LDAP_EMAIL_DOMAIN: 'example.org' },
      settings: { limits: ampleLimits },
    });
    expect((await signIn(service.url, 'alice', 'secret')).status).toBe(200);
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test.each<[what: string, username: string]>([
    ['a NUL at the end', 'alice\0'],
    ['a NUL at the beginning', '\0alice'],
    ['a line feed', 'ali\nce'],
    ['a carriage return', 'alice\r'],
    ['a tab', 'alice\t'],
    ['DEL', 'ali\u007fce'],
    ['a C1 control', 'ali\u0085ce'],
    ['a zero-width space', 'ali\u200bce'],
    ['a zero-width joiner', 'ali\u200dce'],
    ['a soft hyphen', 'ali\u00adce'],
    ['a right-to-left override', '\u202ealice'],
    ['a first strong isolate', '\u2068alice\u2069'],
    ['a byte order mark', '\ufeffalice'],
    ['a word joiner', 'alice\u2060'],
    ['a Hangul filler', 'alice\u3164'],
    ['a variation selector', 'alice\ufe0f'],
    ['a tag character', 'alice\u{e0041}'],
    ['a line separator', 'alice\u2028'],
    ['nothing but spaces', ' \u00a0 '],
    ['more characters than any name has', 'a'.repeat(257)],
  ])('is asked nothing about a name with %s', async (_what, username) => {
    const before = server.requests().length;
    const { status, text, headers } = await signIn(service.url, username, 'secret');
    expect({ status, text }).toEqual({
      status: 401,
      text: '{"result":"error","msg":"Your username or password is incorrect","code":"AUTHENTICATION_FAILED"}\n',
    });
    expect(server.requests().length).toBe(before);
    const line = await requestLine(service, headers.get('x-request-id'));
    expect(line).toMatchObject({ outcome: 'malformed-username' });
    expect(line).not.toHaveProperty('username');
  });
});
