import { isFitPassword } from '../../auth/password.ts';
import type { Directory, UnreadPerson, Verified } from '../../ports/directory.ts';
import type { Principal } from '../../ports/principal.ts';
import { reasonOf, resultCodeOf } from '../reason.ts';
import { asksForTls } from '../result-codes.ts';
import type { Look } from '../step.ts';

type Refusal = Extract<Verified, { refusal: unknown }>['refusal'];

/** What the refusal of a bind means for an operator. */
const FIXES: Record<Refusal, string> = {
  'wrong-password':
    'the password: the directory refuses it for this entry. No setting is at fault where the entry above is the right one',
  'account-disabled': 'enable the account in the directory: the password is right',
  'account-expired': 'the account’s expiry date in the directory: the password is right',
  'outside-logon-hours': 'the hours in which the directory allows the account',
  'other-workstation': 'the workstations from which the directory allows the account',
  'account-inactivated': 'activate the account in the directory: it refuses any password',
  'account-locked': 'unlock the account in the directory, or wait: too many wrong passwords',
  'password-expired': 'set a new password: this one is right, and has expired',
  'password-must-change': 'change the password: it is right, and must be changed at first',
  ambiguous:
    'userFilter (LDAP_USER_FILTER): after the bind it finds more than one entry; it must find one for each name',
  'not-permitted': 'the hours, workstations or groups that the directory allows the account',
};

/**
 * Ask the directory about the password, as a sign-in does: by one bind, and by none where the password must not
 * reach a directory.
 * @param isApiKey whether a text is one of our API keys
 */
export async function lookAtPassword(
  directory: Pick<Directory, 'verifyPassword'>,
  person: Principal | UnreadPerson,
  password: string,
  isApiKey: (text: string) => boolean,
): Promise<Look<Principal>> {
  if (!isFitPassword(password) || isApiKey(password)) {
    return {
      status: 'failed',
      seen: 'no bind was made: an empty password, one with a control character, or one of our own API keys never reaches a directory',
      fix: 'the password: one line on standard input',
    };
  }
  try {
    const verified = await directory.verifyPassword(person, password);
    if ('refusal' in verified) {
      return { status: 'failed', seen: `refused: ${verified.refusal}`, fix: FIXES[verified.refusal] };
    }
    if (verified.isDisabled) {
      return {
        status: 'failed',
        seen: 'accepted, and the entry says that it is disabled',
        fix: FIXES['account-disabled'],
      };
    }
    return { status: 'ok', seen: `accepted: ${verified.principal.dn}`, value: verified.principal };
  } catch (failure) {
    return { status: 'failed', seen: reasonOf(failure), fix: outageFix(failure) };
  }
}

function outageFix(failure: unknown): string {
  if (asksForTls(resultCodeOf(failure))) return 'startTls (LDAP_STARTTLS=true), or urls (LDAP_URL): ldaps://';
  return 'the directory gave no answer about the person: its log says why. Where it demands a client certificate of everybody, it must not (OpenLDAP: TLSVerifyClient allow): people’s binds show none';
}
