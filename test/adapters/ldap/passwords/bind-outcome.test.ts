import { describe, expect, test } from '@jest/globals';
import { refusalDespiteSuccess, refusalOf } from '../../../../src/adapters/ldap/passwords/bind-outcome.ts';

/** As ldapts words a result whose diagnostic message is `text`. */
const failed = (code: number, text = '') => ({ code, message: `${text} Code: 0x${code.toString(16)}` });
const fromAd = (data: string, version = 'v1db1') =>
  failed(
    49,
    `80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data ${data}, ${version}\0`,
  );

describe('a refused bind', () => {
  test.each([
    ['525', 'wrong-password'],
    ['52e', 'wrong-password'],
    ['52f', 'not-permitted'],
    ['530', 'outside-logon-hours'],
    ['531', 'other-workstation'],
    ['532', 'password-expired'],
    ['533', 'account-disabled'],
    ['569', 'not-permitted'],
    ['701', 'account-expired'],
    ['773', 'password-must-change'],
    ['775', 'account-locked'],
    ['52E', 'wrong-password'],
    ['7b5', 'wrong-password'],
    ['1533', 'wrong-password'],
  ])('of Active Directory with data %s is %s', (data, refusal) => {
    expect(refusalOf(fromAd(data), undefined)).toBe(refusal);
    expect(refusalOf(fromAd(data, 'v4f7c'), undefined)).toBe(refusal);
  });

  test.each([
    ['NO_SUCH_USER', 'wrong-password'],
    ['WRONG_PASSWORD', 'wrong-password'],
    ['LOGON_FAILURE', 'wrong-password'],
    ['ACCOUNT_RESTRICTION', 'not-permitted'],
    ['INVALID_LOGON_HOURS', 'outside-logon-hours'],
    ['INVALID_WORKSTATION', 'other-workstation'],
    ['LOGON_TYPE_NOT_GRANTED', 'not-permitted'],
    ['PASSWORD_EXPIRED', 'password-expired'],
    ['ACCOUNT_DISABLED', 'account-disabled'],
    ['ACCOUNT_EXPIRED', 'account-expired'],
    ['PASSWORD_MUST_CHANGE', 'password-must-change'],
    ['ACCOUNT_LOCKED_OUT', 'account-locked'],
    ['SOMETHING_NEW', 'wrong-password'],
  ])('of an old Samba with NT_STATUS_%s is %s', (status, refusal) => {
    expect(refusalOf(failed(49, `Simple Bind Failed: NT_STATUS_${status}`), undefined)).toBe(refusal);
  });

  test.each([fromAd('51f'), failed(49, 'Simple Bind Failed: NT_STATUS_NO_LOGON_SERVERS')])(
    'says nothing about the person where no domain controller could be asked: $message',
    (failure) => {
      expect(refusalOf(failure, undefined)).toBeUndefined();
    },
  );

  test.each([
    [49, 0, 'password-expired'],
    [49, 1, 'account-locked'],
    [49, 2, 'password-must-change'],
    [49, undefined, 'wrong-password'],
    [49, 8, 'wrong-password'],
    [19, 1, 'account-locked'],
    [53, 1, 'account-inactivated'],
    // Whatever the control says: these are said to any password, so nobody is to be told.
    [19, 0, 'account-locked'],
    [53, 2, 'account-inactivated'],
    [48, 0, 'wrong-password'],
    [32, 2, 'wrong-password'],
  ])('with result %d and the policy’s error %s is %s', (code, error, refusal) => {
    expect(refusalOf(failed(code), error === undefined ? {} : { error })).toBe(refusal);
  });

  test.each([
    [19, 'account-locked'],
    [32, 'wrong-password'],
    [48, 'wrong-password'],
    [49, 'wrong-password'],
    [53, 'account-inactivated'],
  ])('with result %d and no control is %s', (code, refusal) => {
    expect(refusalOf(failed(code), undefined)).toBe(refusal);
  });

  test.each([1, 2, 7, 8, 10, 13, 14, 34, 50, 51, 52, 80, 81])(
    'with result %d says nothing about the person, whatever comes with it',
    (code) => {
      for (const policy of [undefined, {}, { error: 0 }, { error: 1 }, { error: 2 }]) {
        expect(refusalOf(failed(code, fromAd('533').message), policy)).toBeUndefined();
      }
    },
  );

  test.each([
    ['Too many failed logins.\n', 53, 'account-locked'],
    ['Entry permanently locked.\n', 53, 'account-locked'],
    ['Account (Kerberos principal) is expired', 53, 'account-inactivated'],
    ['Account inactivated. Contact system administrator.', 53, 'account-inactivated'],
  ])('of FreeIPA that says "%s" is told to nobody', (text, code, refusal) => {
    expect(refusalOf(failed(code, text), undefined)).toBe(refusal);
  });

  test('of a password that FreeIPA calls expired before it looks at it is told to nobody', () => {
    const policy = { graceAuthNsRemaining: 0, error: 0 };
    expect(refusalOf(failed(49, 'Password is expired.\n'), policy)).toBe('account-inactivated');
    expect(refusalOf(failed(49, 'password expired!'), { error: 0 })).toBe('password-expired');
  });

  test.each([
    'uid=80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 533, v1db1',
    'data 533',
    'NT_STATUS_ACCOUNT_DISABLED',
    'no such entry as Simple Bind Failed: NT_STATUS_ACCOUNT_DISABLED',
  ])('is read in Active Directory’s wording alone, not in "%s"', (text) => {
    expect(refusalOf(failed(49, text), undefined)).toBe('wrong-password');
  });

  test('has Active Directory’s reasons only as result 49', () => {
    for (const code of [19, 53]) {
      expect(refusalOf({ ...fromAd('533'), code }, undefined)).not.toBe('account-disabled');
    }
  });
});

describe('a bind that succeeded', () => {
  test.each([
    ['no control', undefined],
    ['an empty one', {}],
    ['a warning', { timeBeforeExpiration: 60 }],
    ['a grace login', { graceAuthNsRemaining: 1 }],
    ['the last grace login', { graceAuthNsRemaining: 0 }],
    ['a grace login that says why', { graceAuthNsRemaining: 3, error: 0 }],
    ['an error about changes of passwords', { error: 7 }],
  ])('lets the person in, with %s', (_, policy) => {
    expect(refusalDespiteSuccess(policy)).toBeUndefined();
  });

  test.each([
    ['password-must-change', { error: 2 }],
    ['password-must-change', { timeBeforeExpiration: 864_000, error: 2 }],
    ['password-must-change', { graceAuthNsRemaining: 3, error: 2 }],
    ['password-expired', { error: 0 }],
    ['account-locked', { error: 1 }],
  ])('is a refusal all the same: %s, where the control says %j', (refusal, policy) => {
    expect(refusalDespiteSuccess(policy)).toBe(refusal);
  });
});
