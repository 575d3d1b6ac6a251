import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../src/adapters/ldap/ldap-directory.ts';
import { Unavailable } from '../../../src/errors.ts';
import { type OpenLdap, startOpenLdap } from '../../support/open-ldap.ts';
import { bindsAlone, dnOf, ldapDirectory, ldapOptions, principalAt } from './options.ts';
import { reasonsOf } from './reasons.ts';

describe('a directory whose settings are wrong', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const open = (different: Partial<LdapDirectoryOptions>) =>
    ldapDirectory({ urls: [server.url], ...different });

  test.each([
    ['an entry that is not there', 'ou=peeple,dc=example,dc=org'],
    ['another directory', 'dc=example,dc=com'],
    ['no DN', 'people'],
  ])('says of nobody that they are unknown where the search base is %s', async (_, userBase) => {
    await using directory = open({ userBase });
    await reasonsOf(directory.find('alice'));
    await reasonsOf(directory.find('nobody'));
  });

  test('throws where the service account is refused, and keeps its password to itself', async () => {
    await using directory = open({ ...bindsAlone, bindPassword: 'a-password-nobody-may-read' });
    for (const call of [directory.find('alice'), directory.ping()]) {
      const failure = await call.catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(Unavailable);
      expect(inspect(failure, { depth: null, showHidden: true })).not.toContain('a-password-nobody-may-read');
      expect(`${failure}`).toMatch(/service account/);
    }
    expect(await directory.verifyPassword(principalAt(dnOf('alice')), 'alice-secret')).toHaveProperty(
      'principal',
    );
  });

  test('keeps the password of a person to itself where the bind fails', async () => {
    await using directory = open({ urls: ['ldap://127.0.0.1:1'] });
    const failure = await directory
      .verifyPassword(principalAt(dnOf('alice')), 'a-password-nobody-may-read')
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(Unavailable);
    expect(inspect(failure, { depth: null, showHidden: true })).not.toContain('a-password-nobody-may-read');
  });

  test('throws where the service account may read nobody’s id', async () => {
    const attributes = { ...ldapOptions({ urls: [] }).attributes, id: 'nsUniqueId' };
    await using directory = open({ attributes });
    expect(await reasonsOf(directory.find('alice'))).toMatch(/nsUniqueId/);
  });

  test.each([
    ['a filter without {username}', { userFilter: '(uid=alice)' }],
    ['a URL of another scheme', { urls: ['http://localhost'] }],
    ['no URL', { urls: ['localhost'] }],
    ['CA certificates that are none', { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }],
  ])('is not made with %s', (_, different) => {
    expect(() => open(different)).toThrow();
  });
});
