import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import type { Principal } from '../../../../src/ports/principal.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { testPeople } from '../../../support/people.ts';
import { type RecordingRelay, startRecordingRelay } from '../../../support/recording-relay.ts';
import { bindsAlone, dnOf, ldapDirectory, principalAt } from '../options.ts';

const longPassword = `${'pässwörd '.repeat(200)} `;
const longWinded = `
dn: uid=long,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: long
cn: Long
sn: Long
userPassword:: ${Buffer.from(longPassword).toString('base64')}
`;

describe('passwords of OpenLDAP', () => {
  let server: OpenLdap;
  let relay: RecordingRelay;
  beforeAll(async () => {
    server = await startOpenLdap({ ldif: (await testPeople()) + longWinded });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    relay = await startRecordingRelay(server);
  });
  afterEach(async () => {
    await relay?.[Symbol.asyncDispose]();
  });
  const open = (different: Partial<LdapDirectoryOptions> = {}) =>
    ldapDirectory({ urls: [`ldap://127.0.0.1:${relay.port}`], ...different });

  test.each([
    ['alice', 'alice-secret'],
    ['spacey', 'pässwörd with spaces '],
    ['long', longPassword],
  ])('are taken to the letter: of %s', async (uid, password) => {
    await using directory = open();
    const person = principalAt(dnOf(uid));
    expect(await directory.verifyPassword(person, password)).toEqual({ principal: person });
    for (const wrong of [password.slice(0, -1), `${password} `, password.normalize('NFD').toUpperCase()]) {
      expect(await directory.verifyPassword(person, wrong)).toEqual({ refusal: 'wrong-password' });
    }
  });

  test('cost one bind each, right or wrong, and no other request', async () => {
    await using directory = open(bindsAlone);
    const alice = principalAt(dnOf('alice'));
    await directory.verifyPassword(alice, 'wrong');
    expect(relay.connections().flat()).toMatchObject([{ operation: 'bind', dn: dnOf('alice') }]);
    await directory.verifyPassword(alice, 'alice-secret');
    expect(relay.binds()).toEqual([dnOf('alice'), dnOf('alice')]);
    expect(relay.connections()).toHaveLength(1);
  });

  test('of somebody who has none are wrong', async () => {
    await using directory = open();
    const person = principalAt(dnOf('passwordless'));
    expect(await directory.verifyPassword(person, 'passwordless-secret')).toEqual({
      refusal: 'wrong-password',
    });
  });

  test('of two people of one login name belong to the one who was found', async () => {
    await using directory = open();
    const north: Principal = principalAt('uid=dup,ou=north,ou=people,dc=example,dc=org');
    expect(await directory.verifyPassword(north, 'dup-secret')).toEqual({ principal: north });
    expect(relay.binds().filter((dn) => dn !== server.serviceDn)).toEqual([north.dn]);
  });

  test('that are empty are never taken for an answer', async () => {
    await using directory = open();
    const answer = await directory.verifyPassword(principalAt(dnOf('alice')), '');
    expect(answer).toEqual({ refusal: 'wrong-password' });
    expect(relay.binds()).toEqual([]);
  });
});

test('an empty password never reaches a directory that takes it for an anonymous bind', async () => {
  await using server = await startOpenLdap({ extra: 'allow bind_anon_dn bind_anon_cred' });
  await using relay = await startRecordingRelay(server);
  await using directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${relay.port}`] });
  const answer = await directory.verifyPassword(principalAt(dnOf('alice')), '');
  expect(answer).toEqual({ refusal: 'wrong-password' });
  expect(relay.binds()).toEqual([]);
});
