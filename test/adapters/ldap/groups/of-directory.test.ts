import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLdapDirectory } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { Unavailable } from '../../../../src/errors.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { dnOf, ldapOptions, principalAt } from '../options.ts';
import { groupOptions } from './admit-over.ts';

const staff = 'cn=staff,ou=groups,dc=example,dc=org';
const groups = groupOptions({ base: 'ou=groups,dc=example,dc=org', requiredGroup: staff });

describe('a directory whose people must be in a group', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap({ policies: true });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test('admits them, and nobody else, by searches as the service account alone', async () => {
    await using proxy = await startTcpProxy({ port: server.port });
    const options = ldapOptions({ urls: [`ldap://127.0.0.1:${proxy.port}`], groups });
    await using directory = createLdapDirectory(options, recordingLog());
    const alice = { ...principalAt(dnOf('alice')), username: 'alice' };
    expect(await directory.admit(alice)).toEqual({
      principal: { ...alice, groups: ['auditors', 'developers', 'operators', 'staff'] },
    });
    expect(new Set(proxy.binds())).toEqual(new Set([server.serviceDn]));
    expect(await directory.admit(principalAt(dnOf('bob')))).toEqual({ refusal: 'not-permitted' });
    // The last is whether there is such a group at all.
    expect(proxy.ldapOps().search).toBe(3 + 3 + 1);
  });

  test('refuses nobody while it does not answer', async () => {
    await using proxy = await startTcpProxy({ port: server.port });
    await proxy.set({ mode: 'refuse' });
    const options = ldapOptions({ urls: [`ldap://127.0.0.1:${proxy.port}`], groups });
    await using directory = createLdapDirectory(options, recordingLog());
    await expect(directory.admit(principalAt(dnOf('bob')))).rejects.toThrow(Unavailable);
  });

  test('has a service account to read groups as', () => {
    const options = ldapOptions({
      urls: [server.url],
      groups,
      bindDn: undefined,
      bindPassword: undefined,
      userDnTemplate: dnOf('{username}'),
    });
    expect(() => createLdapDirectory(options, recordingLog())).toThrow('LDAP_REQUIRED_GROUP');
  });
});
