import { PasswordPolicyControl, ResultCodeError } from 'ldapts';
import type { LdapConnection } from '../connection/connection.ts';
import { simpleBind } from '../connection/simple-bind.ts';
import { type BindRefusal, refusalDespiteSuccess, refusalOf } from './bind-outcome.ts';

/** How people are bound. */
export interface PersonBindOptions {
  /**
   * Whether binds carry the control of draft-behera-ldap-password-policy, whose response says more than the result,
   * where the server lists it.
   */
  readonly passwordPolicy: boolean;
}

/**
 * Ask whether a password is the person's: by one bind that is never repeated, and by none where it is empty.
 * Until the next bind the connection is the person's, or nobody's.
 * @param name a DN, or what Active Directory takes instead: `user@domain`, `DOMAIN\user`
 * @returns `undefined` where the directory lets the person in, else why not
 * @throws {Error} the directory's answer where it says nothing about the person, and what `simpleBind` throws
 */
export async function bindAsPerson(
  connection: LdapConnection,
  name: string,
  password: string,
  { passwordPolicy }: PersonBindOptions,
): Promise<{ readonly refusal: BindRefusal } | undefined> {
  if (password === '') return { refusal: 'wrong-password' };
  // One for each bind: ldapts puts the response into the control that asked for it.
  let control: PasswordPolicyControl | undefined;
  const controlFor = async () => {
    if (await connection.supports(PasswordPolicyControl.type)) control = new PasswordPolicyControl();
    return control;
  };
  try {
    await simpleBind(connection, name, password, passwordPolicy ? controlFor : undefined);
  } catch (failure) {
    const refusal = failure instanceof ResultCodeError ? refusalOf(failure, control?.value) : undefined;
    if (refusal === undefined) throw failure;
    return { refusal };
  }
  const refusal = refusalDespiteSuccess(control?.value);
  return refusal && { refusal };
}
