import { describe, expect, test } from '@jest/globals';
import type { Entry } from 'ldapts';
import { activeDirectory } from '../../../../src/adapters/ldap/lockout/active-directory.ts';
import { ds389 } from '../../../../src/adapters/ldap/lockout/ds389.ts';
import { passwordPolicy } from '../../../../src/adapters/ldap/lockout/password-policy.ts';
import type { PolicyForm } from '../../../../src/adapters/ldap/lockout/policy-form.ts';
import { policyFormOf } from '../../../../src/adapters/ldap/lockout/policy-form-of.ts';

const dn = 'cn=policy';
const openLdap = passwordPolicy('cn=default');
const ppolicyControl = '1.3.6.1.4.1.42.2.27.8.5.1';

describe('a root DSE', () => {
  test.each<[string, Omit<Entry, 'dn'>, PolicyForm]>([
    ['of Active Directory, by what only it has', { domainFunctionality: '7' }, activeDirectory],
    [
      'of Active Directory, by its capabilities',
      { supportedCapabilities: ['1.2.840.113556.1.4.1670', '1.2.840.113556.1.4.800'] },
      activeDirectory,
    ],
    [
      'of 389, which knows the control of password policies too',
      { VENDORNAME: '389 Project', supportedControl: [ppolicyControl] },
      ds389,
    ],
  ])('%s', (_what, rootDse, form) => {
    expect(policyFormOf({ dn: '', ...rootDse }, undefined)).toBe(form);
  });

  test('with the control of password policies, or beside a default policy of the settings, is OpenLDAP’s', () => {
    const withControl = policyFormOf({ dn: '', supportedControl: ['1.2.3', ppolicyControl] }, undefined);
    expect(withControl?.personAttribute).toBe('pwdPolicySubentry');
    expect(withControl?.defaultPolicy({ dn })).toBeUndefined();
    expect(policyFormOf({ dn: '' }, 'cn=default')?.defaultPolicy({ dn })).toBe('cn=default');
  });

  test('of any other directory says nothing', () => {
    expect(policyFormOf({ dn: '', vendorName: 'LLDAP', supportedControl: [] }, undefined)).toBeUndefined();
  });
});

describe('a policy', () => {
  test.each<[string, PolicyForm, Omit<Entry, 'dn'>, unknown]>([
    [
      'of Active Directory whose window has no end',
      activeDirectory,
      { lockoutThreshold: '5', lockOutObservationWindow: '-9223372036854775808' },
      { threshold: 5, windowMs: undefined },
    ],
    [
      'of Active Directory in fractions of a millisecond',
      activeDirectory,
      { 'msDS-LockoutThreshold': '5', 'msDS-LockoutObservationWindow': '-18000000001' },
      { threshold: 5, windowMs: 1_800_000 },
    ],
    ['of Active Directory that locks nobody', activeDirectory, { lockoutThreshold: '0' }, 'never'],
    ['of Active Directory that is hidden', activeDirectory, { lockOutObservationWindow: '-1' }, undefined],
    ['of Active Directory that is no number', activeDirectory, { lockoutThreshold: 'ten' }, undefined],
    ['of 389 that is off', ds389, { passwordLockout: 'off', passwordMaxFailure: '3' }, 'never'],
    ['of 389 that is half hidden', ds389, { passwordLockout: 'on' }, undefined],
    ['of 389 that is hidden', ds389, { passwordMaxFailure: '3' }, undefined],
    [
      'of OpenLDAP in another case',
      openLdap,
      { PWDATTRIBUTE: 'userPassword', PWDLOCKOUT: 'TRUE', PWDMAXFAILURE: '3', PWDFAILURECOUNTINTERVAL: '60' },
      { threshold: 3, windowMs: 60_000 },
    ],
    ['of OpenLDAP without a bound', openLdap, { pwdAttribute: 'userPassword', pwdLockout: 'TRUE' }, 'never'],
    ['of OpenLDAP that is hidden', openLdap, { pwdLockout: 'TRUE', pwdMaxFailure: '3' }, undefined],
  ])('%s', (_what, form, policy, stated) => {
    expect(form.statedIn({ dn, ...policy })).toEqual(stated);
  });
});
