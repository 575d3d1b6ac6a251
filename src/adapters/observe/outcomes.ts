import type { KeyRefusal, SignInRefusal } from '../../errors.ts';
import type { LeaverReason } from '../../ports/account-store.ts';

/** A closed set of words; a word that is missing does not compile. */
type Words<Word extends string> = Readonly<Record<Word, true>>;

/** What can come of a verification. */
export const VERIFICATION_OUTCOMES: Words<'accepted' | KeyRefusal | 'unavailable' | 'failed'> = {
  accepted: true,
  'malformed-key': true,
  'unknown-key': true,
  'expired-key': true,
  'wrong-owner': true,
  'account-suspended': true,
  unavailable: true,
  failed: true,
};

/** What can come of a sign-in by password. */
export const SIGN_IN_OUTCOMES: Words<'accepted' | SignInRefusal | 'unavailable' | 'cut-short'> = {
  accepted: true,
  'unknown-user': true,
  ambiguous: true,
  'wrong-password': true,
  'no-email': true,
  'account-disabled': true,
  'account-expired': true,
  'account-inactivated': true,
  'shared-email': true,
  'account-locked': true,
  'password-expired': true,
  'password-must-change': true,
  'outside-logon-hours': true,
  'other-workstation': true,
  'not-permitted': true,
  'malformed-username': true,
  'malformed-password': true,
  'api-key-as-password': true,
  'account-suspended': true,
  'attempts-spent': true,
  unavailable: true,
  'cut-short': true,
};

/** What can come of asking a directory again about an account. */
export const REVALIDATION_OUTCOMES: Words<'in' | 'out' | 'unanswered'> = {
  in: true,
  out: true,
  unanswered: true,
};

/** What a directory suspends accounts for. */
export const LEAVER_REASONS: Words<LeaverReason> = {
  'not-found': true,
  'account-disabled': true,
  'not-permitted': true,
  'shared-email': true,
  'no-email': true,
};
