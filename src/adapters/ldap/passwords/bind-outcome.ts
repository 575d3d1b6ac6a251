import type { PasswordPolicyControl } from 'ldapts';
import type { Verified } from '../../../ports/directory.ts';
import { activeDirectoryReason } from './active-directory-reason.ts';

/** Why a directory refused a person. */
export type BindRefusal = Exclude<Extract<Verified, { refusal: unknown }>['refusal'], 'ambiguous'>;

/** What the response control of draft-behera-ldap-password-policy says; `undefined` where none came. */
export type PolicyAnswer = PasswordPolicyControl['value'];

/** A result of a bind that is not success. */
export interface FailedBind {
  /** The result code (RFC 4511, 4.1.9). */
  readonly code: number;
  /** The diagnostic message; more may follow it. */
  readonly message: string;
}

const CONSTRAINT_VIOLATION = 19;
const NO_SUCH_OBJECT = 32;
const INAPPROPRIATE_AUTHENTICATION = 48;
const INVALID_CREDENTIALS = 49;
const UNWILLING_TO_PERFORM = 53;

/** Errors of draft-behera-ldap-password-policy, 6.2; those above are about changes of passwords. */
const PASSWORD_EXPIRED = 0;
const ACCOUNT_LOCKED = 1;
const CHANGE_AFTER_RESET = 2;

/** FreeIPA's, said before the password is looked at; 389 Directory Server says `password expired!`, and after. */
const EXPIRED_WHATEVER_THE_PASSWORD = /^password is expired/i;
/** FreeIPA's, where 389 Directory Server has result 19. */
const LOCKED = /^(too many failed logins|entry permanently locked)/i;

/**
 * Why the directory refused the person, from result code, password policy control and diagnostic message together;
 * `undefined` where the result says nothing about the person.
 *
 * `account-disabled`, `account-expired`, `outside-logon-hours`, `password-expired` and `password-must-change` are told
 * to whoever asked, so they are given only where the directory has found the password right: for Active Directory's
 * 533, 701, 530, 532 and 773, and the control's errors 0 and 2. What a directory says to any password is answered
 * like a wrong one, and only the log tells it apart: `account-locked` (775, result 19, the control's error 1) and
 * `account-inactivated` (result 53, and an expired password in FreeIPA). Result 48 is an entry without a password,
 * 32 one that went since it was found.
 */
export function refusalOf({ code, message }: FailedBind, policy: PolicyAnswer): BindRefusal | undefined {
  switch (code) {
    case INVALID_CREDENTIALS:
      return invalidCredentials(message, policy);
    case NO_SUCH_OBJECT:
    case INAPPROPRIATE_AUTHENTICATION:
      return 'wrong-password';
    case CONSTRAINT_VIOLATION:
      return 'account-locked';
    case UNWILLING_TO_PERFORM:
      return LOCKED.test(message) ? 'account-locked' : 'account-inactivated';
    default:
      return undefined;
  }
}

/**
 * Why the person may not come in although the bind succeeded; `undefined`: nothing is against it. A session in
 * which the password must be changed may do nothing else. Grace logins and warnings of an expiry are no refusals.
 */
export function refusalDespiteSuccess(policy: PolicyAnswer): BindRefusal | undefined {
  const isGraceLogin = policy?.graceAuthNsRemaining !== undefined && policy.error === PASSWORD_EXPIRED;
  return isGraceLogin ? undefined : policyRefusal(policy);
}

function invalidCredentials(message: string, policy: PolicyAnswer): BindRefusal | undefined {
  if (EXPIRED_WHATEVER_THE_PASSWORD.test(message)) return 'account-inactivated';
  const reason = policyRefusal(policy) ?? activeDirectoryReason(message) ?? 'wrong-password';
  return reason === 'no-controller' ? undefined : reason;
}

function policyRefusal(policy: PolicyAnswer): BindRefusal | undefined {
  switch (policy?.error) {
    case PASSWORD_EXPIRED:
      return 'password-expired';
    case ACCOUNT_LOCKED:
      return 'account-locked';
    case CHANGE_AFTER_RESET:
      return 'password-must-change';
    default:
      return undefined;
  }
}
