import { InappropriateAuthError, InvalidCredentialsError, NoSuchObjectError } from 'ldapts';
import type { LdapConnection } from './connection.ts';

/**
 * Bind with a name and a password (RFC 4511, 4.2). Guards ldapts, which takes some names for SASL mechanisms
 * (`EXTERNAL` would bind as our own certificate), and some servers, which take an empty password for an
 * anonymous bind that succeeds (RFC 4513, 5.1.2).
 * @param name a DN, or what Active Directory takes instead: `user@domain`, `DOMAIN\user`
 * @throws {Error} where name or password is no such thing, and whatever the directory says instead of success
 */
export async function simpleBind({ client }: LdapConnection, name: string, password: string): Promise<void> {
  if (!/[=@\\]/.test(name)) throw new Error('a bind needs a DN');
  if (password === '') throw new Error('a bind needs a password');
  await client.bind(name, password);
}

/** Whether a person's bind was refused: result codes 49, 48 (the entry has no password) and 32 (it went since it was found). */
export function isRefusedBind(failure: unknown): boolean {
  return (
    failure instanceof InvalidCredentialsError ||
    failure instanceof InappropriateAuthError ||
    failure instanceof NoSuchObjectError
  );
}
