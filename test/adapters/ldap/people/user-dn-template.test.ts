import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { ldapDirectory } from '../options.ts';

const userDnTemplate = 'uid={username},ou=people,dc=example,dc=org';
const everyCharacter = `o'brien, pat+x "q" #1 \\ <a>;=`;

describe('people of OpenLDAP at the DN that a template makes', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const open = () => ldapDirectory({ urls: [server.url], userDnTemplate });

  test.each(['alice', 'josé', 'star*(user)', 'no-mail', everyCharacter])(
    'are found and sign in: %j',
    async (typed) => {
      await using directory = open();
      const found = await directory.find(typed);
      if (!('principal' in found)) throw new Error(JSON.stringify(found));
      expect(found.principal.username).toBe(typed);
      expect(await directory.verifyPassword(found.principal, `${typed}-secret`)).toEqual(found);
      expect(await directory.verifyPassword(found.principal, `${typed}-wrong`)).toEqual({
        refusal: 'wrong-password',
      });
    },
  );

  // Each of them would be somebody, or an error of the server's, were it not escaped.
  test.each([
    'nobody',
    'alice,ou=people',
    'dup,ou=north',
    'outsider,ou=elsewhere,dc=example,dc=org',
    'alice+sn=Archer',
    '#616c696365',
    '"alice"',
    '\\61lice',
    ' ',
    '#',
    '\\',
    '\0',
    'alice\0',
    'a\nb',
    '=',
    '\ud800',
    '\u{10ffff}',
    'x'.repeat(1_000),
  ])('are not found: %j', async (typed) => {
    await using directory = open();
    expect(await directory.find(typed)).toEqual({ refusal: 'unknown-user' });
  });

  test('must match the filter, too', async () => {
    const userFilter = '(&(uid={username})(mail=*))';
    await using directory = ldapDirectory({ urls: [server.url], userDnTemplate, userFilter });
    expect(await directory.find('alice')).toMatchObject({ principal: { username: 'alice' } });
    expect(await directory.find('no-mail')).toEqual({ refusal: 'unknown-user' });
  });
});
