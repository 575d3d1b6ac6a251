import { ConfidentialityRequiredError, type Control, StrongAuthRequiredError } from 'ldapts';
import { Unavailable } from '../../../errors.ts';
import type { LdapConnection } from './connection.ts';

/**
 * Bind with a name and a password (RFC 4511, 4.2). Guards ldapts, which takes some names for SASL mechanisms
 * (`EXTERNAL` would bind as our own certificate), and some servers, which take an empty password for an
 * anonymous bind that succeeds (RFC 4513, 5.1.2).
 * @param name a DN, or what Active Directory takes instead: `user@domain`, `DOMAIN\user`
 * @param controlFor gives what is sent along, which holds the response to it afterwards, be the bind refused or not
 * @throws {Error} where name or password is no such thing, and whatever the directory says instead of success
 * @throws {Unavailable} where the directory wants no password in clear (results 8 and 13): naming the settings
 */
export async function simpleBind(
  { client }: LdapConnection,
  name: string,
  password: string,
  controlFor?: () => Promise<Control | undefined>,
): Promise<void> {
  if (!/[=@\\]/.test(name)) throw new Error('a bind needs a DN');
  if (password === '') throw new Error('a bind needs a password');
  const control = await controlFor?.();
  try {
    await client.bind(name, password, control);
  } catch (failure) {
    throw needsTls(failure) ? new Unavailable('directory', IN_CLEAR, failure) : failure;
  }
}

const IN_CLEAR =
  'the directory takes no password over this connection: set startTls (LDAP_STARTTLS=true), or ldaps:// URLs (LDAP_URL)';

function needsTls(failure: unknown): boolean {
  return failure instanceof StrongAuthRequiredError || failure instanceof ConfidentialityRequiredError;
}
