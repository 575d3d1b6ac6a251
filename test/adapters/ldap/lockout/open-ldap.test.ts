import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createLdapDirectory,
  type LdapDirectoryOptions,
} from '../../../../src/adapters/ldap/ldap-directory.ts';
import { type OpenLdap, startOpenLdap } from '../../../support/open-ldap.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { ldapOptions } from '../options.ts';

const policies = 'ou=policies,dc=example,dc=org';
const policyDn = `cn=default,${policies}`;
const policy = (name: string, ...lines: string[]) =>
  [
    `dn: cn=${name},${policies}`,
    'changetype: add',
    'objectClass: device',
    'objectClass: pwdPolicy',
    `cn: ${name}`,
    'pwdAttribute: userPassword',
    ...lines,
    '',
    '',
  ].join('\n');
const given = (name: string, policyOf: string) =>
  [
    `dn: uid=${name},ou=people,dc=example,dc=org`,
    'changetype: modify',
    'add: pwdPolicySubentry',
    `pwdPolicySubentry: cn=${policyOf},${policies}`,
    '',
    '',
  ].join('\n');
const laterLdif = [
  policy('strict', 'pwdLockout: TRUE', 'pwdMaxFailure: 3', 'pwdFailureCountInterval: 600'),
  policy('countless', 'pwdLockout: TRUE', 'pwdMaxFailure: 0'),
  policy('lenient', 'pwdLockout: FALSE', 'pwdMaxFailure: 3'),
  given('bob', 'strict'),
  given('victim', 'countless'),
  given('sven', 'lenient'),
].join('');

const byDefault = { threshold: 10, windowMs: undefined };
const strict = { threshold: 3, windowMs: 600_000 };

describe('the lockout of an OpenLDAP with password policies', () => {
  let server: OpenLdap;
  beforeAll(async () => {
    server = await startOpenLdap({ policies: true, laterLdif });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  /** A directory that reads it, behind a proxy that counts. */
  async function open(
    lockout: LdapDirectoryOptions['lockout'],
    different: Partial<LdapDirectoryOptions> = {},
  ) {
    const proxy = await startTcpProxy(server);
    const log = recordingLog();
    const urls = [`ldap://127.0.0.1:${proxy.port}`];
    const directory = createLdapDirectory(
      ldapOptions({ urls, ...(lockout && { lockout }), ...different }),
      log,
    );
    return {
      ...{ proxy, log },
      lockoutOf: async (name: string) => {
        const found = await directory.find(name);
        if (!('principal' in found)) throw new Error(`${name} was not found`);
        return found.lockout;
      },
      async [Symbol.asyncDispose]() {
        await directory[Symbol.asyncDispose]();
        await proxy[Symbol.asyncDispose]();
      },
    };
  }

  test.each([
    ['alice', 'is the default policy’s', byDefault],
    ['bob', 'is that of a policy of their own', strict],
    ['victim', 'is none where the policy counts no failures', undefined],
    ['sven', 'is none where the policy does not lock', undefined],
  ])('for %s %s', async (name, _what, lockout) => {
    await using reading = await open({ threshold: undefined, policyDn });
    expect(await reading.lockoutOf(name)).toEqual(lockout);
    expect(reading.log.lines).toEqual([]);
  });

  test('costs a search only while it is not known', async () => {
    await using reading = await open({ threshold: undefined, policyDn });
    const searches = async (...names: string[]) => {
      reading.proxy.resetCounts();
      await Promise.all(names.map(reading.lockoutOf));
      return reading.proxy.ldapOps().search;
    };
    expect(await searches('alice', 'carol', 'erin')).toBe(3 + 2);
    expect(await searches('alice')).toBe(1);
    expect(await searches('lena')).toBe(1);
    expect(await searches('bob')).toBe(1 + 1);
    expect(await searches('bob', 'alice')).toBe(2);
  });

  test('is what the settings say, whatever the directory says, and then costs nothing', async () => {
    await using reading = await open({ threshold: 4, policyDn });
    expect(await reading.lockoutOf('bob')).toEqual({ threshold: 4, windowMs: undefined });
    expect(reading.proxy.ldapOps().search).toBe(1);
  });

  test('is not read where nobody asks for it', async () => {
    await using reading = await open(undefined);
    expect(await reading.lockoutOf('bob')).toBeUndefined();
    expect(reading.proxy.ldapOps().search).toBe(1);
  });

  test.each([
    ['names no default policy', undefined, /lockout\.policyDn/],
    ['has no policy of that name', `cn=nowhere,${policies}`, /cn=nowhere.*lockout\.threshold/],
    ['has no policy there', policies, /ou=policies.*lockout\.threshold/],
    ['takes that for no name', 'nonsense', /nonsense/],
  ])('is nobody’s where it %s, and the log says so once', async (_what, dn, line) => {
    await using reading = await open({ threshold: undefined, policyDn: dn });
    expect(await reading.lockoutOf('alice')).toBeUndefined();
    expect(await reading.lockoutOf('carol')).toBeUndefined();
    expect(await reading.lockoutOf('bob')).toEqual(strict);
    expect(reading.log.lines).toEqual([expect.stringMatching(line)]);
  });
});

test('an OpenLDAP without password policies locks nobody out, and has nothing to say about it', async () => {
  await using server = await startOpenLdap();
  const log = recordingLog();
  const lockout = { threshold: undefined, policyDn: undefined };
  await using directory = createLdapDirectory(ldapOptions({ urls: [server.url], lockout }), log);
  expect(await directory.find('alice')).not.toHaveProperty('lockout');
  expect(log.lines).toEqual([]);
});
