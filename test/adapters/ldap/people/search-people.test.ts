import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { loadPeople } from '../../../support/people.ts';
import { ldapDirectory, ldapOptions } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

describe('everybody in an OpenLDAP', () => {
  let server: OpenLdap;
  const list = async (different: Partial<LdapDirectoryOptions> = {}, limit = 100) => {
    await using directory = ldapDirectory({ urls: [server.url], ...different });
    return await directory.list(limit);
  };
  const names = async (different: Partial<LdapDirectoryOptions> = {}) =>
    (await list(different)).map(({ username }) => username).sort();

  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('is whoever the filter finds below the base: no outsider, no group, no service account', async () => {
    const everybody = await names();
    for (const name of ['alice', 'josé', 'star*(user)', 'no-mail', 'twin-a', 'dup']) {
      expect(everybody).toContain(name);
    }
    for (const name of ['outsider', 'latchkey', 'developers']) expect(everybody).not.toContain(name);
  });

  test('is told as whoever is found alone', async () => {
    await using directory = ldapDirectory({ urls: [server.url] });
    const found = await directory.find('two-mails');
    if (!('principal' in found)) throw new Error(JSON.stringify(found));
    expect(await directory.list(100)).toContainEqual(found.principal);
  });

  test.each([
    ['that demands more', '(&(objectClass=person)(sn=Twin)(uid={username}))', ['twin-a', 'twin-b']],
    ['that denies', '(&(mail=twins@*)(uid={username})(!(cn=Twin A)))', ['twin-b']],
    ['that is one match', '(sAMAccountName={username})', ['guid']],
    [
      'that has a domain behind the name',
      '(&(cn=T*)(mail={username}@example.org))',
      ['twin-a', 'twin-b', 'two-mails'],
    ],
    ['that nobody matches', '(&(uid={username})(cn=Nobody))', []],
  ])('is narrowed by a filter %s', async (_case, userFilter, everybody) => {
    expect(await names({ userFilter })).toEqual(everybody);
  });

  test('is searched for below the base also where a template says where each one is', async () => {
    const userDnTemplate = 'uid={username},ou=people,dc=example,dc=org';
    expect(await names({ userDnTemplate })).toContain('alice');
  });

  test('has the emails that a domain makes', async () => {
    const everybody = await list({ emailDomain: 'corp.example' });
    expect(everybody.find(({ username }) => username === 'no-mail')?.emails).toEqual([
      'no-mail@corp.example',
    ]);
  });

  test('is not told where an entry has no id: that is the settings’ fault', async () => {
    const attributes = { ...ldapOptions({ urls: [] }).attributes, id: 'objectGUID' };
    expect(await reasonsOf(list({ attributes }))).toMatch(/objectGUID/);
  });
});

test('of more people than are wanted there come as many as are wanted', async () => {
  await using server = await startOpenLdap({ ldif: loadPeople(150) });
  await using directory = ldapDirectory({ urls: [server.url] });
  const listed = await directory.list(100);
  expect(new Set(listed.map(({ entryId }) => entryId)).size).toBe(100);
});
