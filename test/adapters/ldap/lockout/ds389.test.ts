import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Attribute, Change, Client } from 'ldapts';
import { createLdapDirectory } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { describeWithDirectory } from '../../../support/describe-with-directory.ts';
import { type Ds389, startDs389 } from '../../../support/ds389.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { ldapOptions } from '../options.ts';

const own = 'cn=strict,dc=example,dc=org';
const bob = 'uid=bob,ou=people,dc=example,dc=org';
const byDefault = { threshold: 10, windowMs: 600_000 };

describeWithDirectory('ds389', 'the lockout of a 389 Directory Server', () => {
  let server: Ds389;
  let admin: Client;
  beforeAll(async () => {
    server = await startDs389();
    admin = new Client({ url: server.url });
    await admin.bind(server.adminDn, server.adminPassword);
    await admin.add(own, {
      objectClass: ['ldapsubentry', 'passwordPolicy'],
      passwordLockout: 'on',
      passwordMaxFailure: '3',
      passwordResetFailureCount: '0',
    });
    await change('replace', bob, { pwdpolicysubentry: own });
  });
  afterEach(async () => {
    await change('replace', 'cn=config', { passwordLockout: 'on', passwordMaxFailure: '10' });
  });
  afterAll(async () => {
    await admin.unbind();
    await server?.[Symbol.asyncDispose]();
  });

  async function change(operation: 'add' | 'delete' | 'replace', dn: string, values: Record<string, string>) {
    const changes = Object.entries(values).map(
      ([type, value]) => new Change({ operation, modification: new Attribute({ type, values: [value] }) }),
    );
    await admin.modify(dn, changes);
  }

  /** What a service account reads about somebody, how many searches that took, and what it had to say. */
  async function lockoutsOf(...names: string[]) {
    await using proxy = await startTcpProxy(server);
    const log = recordingLog();
    const urls = [`ldap://127.0.0.1:${proxy.port}`];
    const lockout = { threshold: undefined, policyDn: undefined };
    await using directory = createLdapDirectory(ldapOptions({ urls, lockout }), log);
    const lockouts = [];
    for (const name of names) {
      const found = await directory.find(name);
      lockouts.push('principal' in found ? found.lockout : found);
    }
    return { lockouts, searches: proxy.ldapOps().search, lines: log.lines };
  }

  test('is the global one, and costs a search only while it is not known', async () => {
    expect(await lockoutsOf('alice', 'alice', 'carol')).toEqual({
      lockouts: [byDefault, byDefault, byDefault],
      searches: 3 + 2,
      lines: [],
    });
  });

  test('is that of the person’s own policy, whose failures may be remembered without end', async () => {
    expect(await lockoutsOf('bob', 'alice')).toMatchObject({
      lockouts: [{ threshold: 3, windowMs: undefined }, byDefault],
      lines: [],
    });
  });

  test('is none where it is off', async () => {
    await change('replace', 'cn=config', { passwordLockout: 'off' });
    expect(await lockoutsOf('alice')).toMatchObject({ lockouts: [undefined], lines: [] });
  });

  test('is what is set now', async () => {
    await change('replace', 'cn=config', { passwordMaxFailure: '4' });
    expect(await lockoutsOf('alice')).toMatchObject({ lockouts: [{ ...byDefault, threshold: 4 }] });
  });

  test('is nobody’s where cn=config may not be read, and the log says so once', async () => {
    const aci = `(targetattr = "*")(version 3.0; acl "hides it"; deny (all) userdn = "ldap:///${server.serviceDn}";)`;
    await change('add', 'cn=config', { aci });
    try {
      const read = await lockoutsOf('alice', 'carol', 'alice');
      expect(read.lockouts).toEqual([undefined, undefined, undefined]);
      expect(read.searches).toBe(3 + 2);
      expect(read.lines).toEqual([expect.stringMatching(/cn=config.*lockout\.threshold/)]);
    } finally {
      await change('delete', 'cn=config', { aci });
    }
  });
});
