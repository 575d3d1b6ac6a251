import type { BindRefusal } from './bind-outcome.ts';

/** Why a domain controller refused a bind; `no-controller`: it could reach none that knows, so nothing is said about the person. */
export type ActiveDirectoryReason = BindRefusal | 'no-controller';

/** By the error number of Windows (winerror.h) in the diagnostic message, in hex. */
const BY_NUMBER: ReadonlyMap<string, ActiveDirectoryReason> = new Map([
  ['51f', 'no-controller'],
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
]);

/** The same by the names that Samba wrote before it learned the numbers (4.5 and older). */
const BY_STATUS: ReadonlyMap<string, ActiveDirectoryReason> = new Map([
  ['NO_LOGON_SERVERS', 'no-controller'],
  ['NO_SUCH_USER', 'wrong-password'],
  ['WRONG_PASSWORD', 'wrong-password'],
  ['LOGON_FAILURE', 'wrong-password'],
  ['ACCOUNT_RESTRICTION', 'not-permitted'],
  ['INVALID_LOGON_HOURS', 'outside-logon-hours'],
  ['INVALID_WORKSTATION', 'other-workstation'],
  ['PASSWORD_EXPIRED', 'password-expired'],
  ['ACCOUNT_DISABLED', 'account-disabled'],
  ['LOGON_TYPE_NOT_GRANTED', 'not-permitted'],
  ['ACCOUNT_EXPIRED', 'account-expired'],
  ['PASSWORD_MUST_CHANGE', 'password-must-change'],
  ['ACCOUNT_LOCKED_OUT', 'account-locked'],
]);

const NUMBER =
  /^[0-9a-f]{8}: LdapErr: DSID-[0-9a-f]+, comment: AcceptSecurityContext error, data ([0-9a-f]+), v/i;
const STATUS = /^Simple Bind Failed: NT_STATUS_([A-Z_]+)/;

/**
 * What the diagnostic message of result 49 says in Active Directory's words or in an old Samba's; `undefined` where
 * it is in neither's, or the reason is not known. 773, 532, 533, 701, 530 and 531 are said to the right password
 * alone, 775 to any.
 */
export function activeDirectoryReason(text: string): ActiveDirectoryReason | undefined {
  const number = NUMBER.exec(text)?.[1];
  if (number !== undefined) return BY_NUMBER.get(number.toLowerCase());
  const status = STATUS.exec(text)?.[1];
  return status === undefined ? undefined : BY_STATUS.get(status);
}
