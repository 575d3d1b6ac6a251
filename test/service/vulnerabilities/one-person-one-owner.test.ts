import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenLdap, startOpenLdap } from '../../support/open-ldap.ts';
import { testPeople } from '../../support/people.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { ampleLimits } from '../ample-limits.ts';
import { requestLine } from '../request-lines.ts';
import { signIn } from '../stack.ts';
import { startOver } from './over-ldap.ts';

/** Somebody in a unit of people.ldif; `uid` to the letter, spaces at its end included. */
const person = (unit: string, cn: string, uid: string, mail: string) => `
dn: cn=${cn},ou=${unit},ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid:: ${Buffer.from(uid).toString('base64')}
cn: ${cn}
sn: ${cn}
mail: ${mail}
userPassword: ${cn}-secret
`;

const doubles = [
  person('north', 'sam-north', 'sam', 'sam-north@example.org'),
  person('south', 'sam-south', 'sam ', 'sam-south@example.org'),
  person('north', 'kim-north', 'kim', 'kim-north@example.org'),
  person('south', 'kim-south', 'ＫＩＭ', 'kim-south@example.org'),
  person('north', 'robin', 'robin', 'robin@example.org'),
  person('south', 'lee', 'robin@example.org', 'lee@example.org'),
].join('');

describe('two entries of names that the directory takes for one', () => {
  let ldap: OpenLdap;
  let service: ServiceProcess;
  beforeAll(async () => {
    ldap = await startOpenLdap({ ldif: (await testPeople()) + doubles });
    service = await startOver({ env: { LDAP_URL: ldap.url }, settings: { limits: ampleLimits } });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await ldap?.[Symbol.asyncDispose]();
  });

  test.each([
    ['a space at the end', 'sam', 'sam-north-secret'],
    ['a space at the end, typed', 'sam ', 'sam-south-secret'],
    ['another width', 'kim', 'kim-north-secret'],
    ['another width, typed', 'ＫＩＭ', 'kim-south-secret'],
    ['the other’s email for a login name', 'robin@example.org', 'robin-secret'],
    ['the other’s email for a login name, with the other password', 'robin@example.org', 'lee-secret'],
  ])('are nobody by that name: %s', async (_difference, username, password) => {
    const { status, headers } = await signIn(service.url, username, password);
    expect(status).toBe(401);
    expect(await requestLine(service, headers.get('x-request-id'))).toMatchObject({ outcome: 'ambiguous' });
  });

  test.each(['sam', 'kim', 'dup'])('are nobody by their emails either: %s', async (name) => {
    for (const side of ['north', 'south']) {
      const password = name === 'dup' ? 'dup-secret' : `${name}-${side}-secret`;
      const { status, headers } = await signIn(service.url, `${name}-${side}@example.org`, password);
      expect(status).toBe(401);
      const line = await requestLine(service, headers.get('x-request-id'));
      expect(line).toMatchObject({ outcome: 'ambiguous' });
    }
  });

  test('one entry by its spellings is one owner', async () => {
    const keys = new Set<string>();
    for (const spelling of [
      'alice',
      'ALICE ',
      '\u00a0alice',
      'ａｌｉｃｅ',
      'alice@example.org',
      'Alice@Example.ORG',
    ]) {
      keys.add((await signIn(service.url, spelling, 'alice-secret')).apiKey);
    }
    expect(keys.size).toBe(1);
    expect([...keys][0]).toHaveLength(32);
  });
});
