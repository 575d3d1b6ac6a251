import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { testPeople } from '../../../support/people.ts';
import { dnOf, ldapDirectory, ldapOptions } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

/** Somebody whose objectGUID is text as well as octets. */
const asciiGuid = `
dn: uid=ascii-guid,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
objectClass: testPerson
uid: ascii-guid
cn: Ascii Guid
sn: Guid
objectGUID: 0123456789abcdef
`;
const everyCharacter = `o'brien, pat+x "q" #1 \\ <a>;=`;

describe('people of OpenLDAP', () => {
  let server: OpenLdap;
  const find = async (username: string, different: Partial<LdapDirectoryOptions> = {}) => {
    await using directory = ldapDirectory({ urls: [server.url], ...different });
    return await directory.find(username);
  };
  const guid: Partial<LdapDirectoryOptions> = {
    attributes: {
      id: 'objectGUID',
      idSyntax: 'octets',
      username: 'sAMAccountName',
      email: 'mail',
      fullName: 'cn',
      disabledBy: {},
    },
  };

  beforeAll(async () => {
    server = await startOpenLdap({ ldif: (await testPeople()) + asciiGuid });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test.each([
    ['josé', 'josé', 'José Núñez'],
    ['jose\u0301', 'josé', 'José Núñez'],
    ['star*(user)', 'star*(user)', 'Star User'],
    [everyCharacter, everyCharacter, "Pat O'Brien"],
  ])('are found as %j', async (typed, username, fullName) => {
    expect(await find(typed)).toMatchObject({ principal: { username, fullName } });
  });

  test.each([
    '*',
    'star*',
    'al*',
    'alice)(uid=*',
    '*)(objectClass=*',
    'alice\\2a',
    'outsider',
    'latchkey',
    '',
  ])('are not found as %j', async (typed) => {
    expect(await find(typed)).toEqual({ refusal: 'unknown-user' });
  });

  test('are told by entryUUID, though a server gives it only when it is asked for', async () => {
    const entryId = '22222222-2222-4222-8222-222222222222';
    expect(await find('bob')).toMatchObject({ principal: { entryId, dn: dnOf('bob') } });
  });

  test('have no email, or several in the order of the directory', async () => {
    expect(await find('no-mail')).toMatchObject({ principal: { emails: [] } });
    const emails = ['second@example.org', 'first@example.org'];
    expect(await find('two-mails')).toMatchObject({ principal: { emails } });
    expect(await find('first@example.org')).toMatchObject({ principal: { username: 'two-mails', emails } });
  });

  test('are told by octets, in lower-case hex', async () => {
    expect(await find('guid', guid)).toMatchObject({
      principal: { entryId: '80fc4c420a9be84f8d1eff00c3a97f01', username: 'guid' },
    });
  });

  test.each(['objectGUID', 'objectguid'])(
    'are told by octets that could be text, asked for as %s',
    async (id) => {
      const attributes = { ...ldapOptions({ urls: [] }).attributes, id, idSyntax: 'octets' } as const;
      const entryId = Buffer.from('0123456789abcdef').toString('hex');
      expect(await find('ascii-guid', { attributes })).toMatchObject({ principal: { entryId } });
    },
  );

  test('are nobody where the id is missing or of another syntax: that is the settings’ fault', async () => {
    const text = { ...ldapOptions({ urls: [] }).attributes, id: 'objectGUID' };
    expect(await reasonsOf(find('guid', { attributes: text }))).toMatch(/objectGUID/);
    expect(await reasonsOf(find('alice', { attributes: text }))).toMatch(/objectGUID/);
    expect(await reasonsOf(find('alice', guid))).toMatch(/sAMAccountName|objectGUID/);
  });

  test('have the email that a domain makes, and are found by it in any case', async () => {
    const emailDomain = 'Corp.example';
    for (const typed of ['alice', 'alice@corp.example', 'ALICE@CORP.EXAMPLE']) {
      expect(await find(typed, { emailDomain })).toMatchObject({
        principal: { emails: ['alice@Corp.example'] },
      });
    }
    for (const typed of ['alice@corp.example.org', '@corp.example', 'alice@x@corp.example']) {
      expect(await find(typed, { emailDomain })).toEqual({ refusal: 'unknown-user' });
    }
  });
});
