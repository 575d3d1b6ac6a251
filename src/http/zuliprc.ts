import type { IssuedKey } from '../keys/issue-api-key.ts';

/**
 * The file that Zulip's clients sign in with, to the byte of contract 4.4.
 * @param site scheme and host of the realm
 * @throws {RangeError} where the email has a control character: a line of its own could name another site
 */
export function zuliprc({ apiKey, account }: IssuedKey, site: string): string {
  const { email } = account.owner;
  if (/\p{Cc}/u.test(email)) throw new RangeError('an email with a control character fits no zuliprc');
  return `[api]\nemail=${email}\nkey=${apiKey}\nsite=${site}\n`;
}
