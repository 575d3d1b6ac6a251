import { describe, expect, test } from '@jest/globals';
import type { Entry } from 'ldapts';
import { createLockoutReader } from '../../../../src/adapters/ldap/lockout/lockout-reader.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { ldapDirectory } from '../options.ts';

const person = { dn: 'CN=Alice,DC=example,DC=org' };
const nothingSet = { threshold: undefined, policyDn: undefined };

describe('with the search for a person', () => {
  const attributesAfter = async (rootDse: Omit<Entry, 'dn'>) => {
    const search = async (dn: string) => (dn === '' ? [{ dn, ...rootDse }] : []);
    const reader = createLockoutReader({ search, log: recordingLog() }, 'corp', nothingSet);
    expect(reader.attributes).toEqual(['msDS-ResultantPSO', 'pwdPolicySubentry']);
    await reader.lockoutOf(person);
    return reader.attributes;
  };

  test.each([
    ['Active Directory', { domainFunctionality: '7' }, ['msDS-ResultantPSO']],
    ['OpenLDAP', { supportedControl: '1.3.6.1.4.1.42.2.27.8.5.1' }, ['pwdPolicySubentry']],
    ['389', { vendorName: '389 Project' }, ['pwdpolicysubentry']],
    ['any other directory', { vendorName: 'LLDAP' }, []],
  ])('%s is asked for no more than it knows, once it is known', async (_name, rootDse, attributes) => {
    expect(await attributesAfter(rootDse)).toEqual(attributes);
  });
});

test('a person whose DN says nothing of a domain has no lockout, and no error either', async () => {
  const log = recordingLog();
  const search = async (dn: string) => [{ dn, domainFunctionality: '7' }];
  const { lockoutOf } = createLockoutReader({ search, log }, 'corp', nothingSet);
  expect(await lockoutOf({ dn: 'no DN' })).toBeUndefined();
  expect(await lockoutOf({ dn: 'no DN' })).toBeUndefined();
  expect(log.lines).toEqual([expect.stringContaining('lockout')]);
});

test('whoever waits for a lockout no longer is let go', async () => {
  const never = Promise.withResolvers<readonly Entry[]>();
  const reader = createLockoutReader(
    { search: () => never.promise, log: recordingLog() },
    'corp',
    nothingSet,
  );
  const gone = AbortSignal.abort(new Error('the client is gone'));
  await expect(reader.lockoutOf(person, gone)).rejects.toThrow('the client is gone');
});

test('the settings say it of people whom only they themselves may read, too', async () => {
  const template = { userDnTemplate: 'uid={username},ou=people,dc=example,dc=org', bindDn: undefined };
  await using directory = ldapDirectory({
    urls: ['ldap://127.0.0.1:1'],
    ...template,
    lockout: { ...nothingSet, threshold: 4 },
  });
  expect(await directory.find('alice')).toMatchObject({
    unread: { username: 'alice' },
    lockout: { threshold: 4, windowMs: undefined },
  });
});
