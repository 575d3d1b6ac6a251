import type { SignInRefusal } from '../errors.ts';
import type { IssueApiKey, IssuedKey } from '../keys/issue-api-key.ts';
import type { ReadKept } from '../keys/kept-account.ts';
import type { Directory } from '../ports/directory.ts';
import type { Principal } from '../ports/principal.ts';
import { hasEmail } from './has-email.ts';
import { readUsername } from './username.ts';

/** The person's key, or why not. */
export type VouchedKey =
  | { readonly issued: IssuedKey }
  | { readonly refusal: SignInRefusal; readonly principal?: Principal };

/**
 * Gives the key of a person for whom somebody else vouches: a signed token, a gateway, development. No
 * password is asked for and no attempt counted, but the directory must know the person now: a leaver gets
 * nothing. Throws `Unavailable` when the directory or the store does not answer.
 */
export type VouchedSignIn = (name: string) => Promise<VouchedKey>;

/** What signing in without a password rests on. */
export interface VouchedSignInParts {
  readonly directory: Directory;
  readonly readKept: ReadKept;
  readonly issueApiKey: IssueApiKey;
}

/** For a name as a person would type it: a login name, or an email. */
export function createSignInByName(parts: VouchedSignInParts): VouchedSignIn {
  return (name) => signIn(parts, name, () => true);
}

/** For an email: one that happens to be somebody's login name, or is found by anything else, names nobody. */
export function createSignInByEmail(parts: VouchedSignInParts): VouchedSignIn {
  return (email) => signIn(parts, email, hasEmail);
}

async function signIn(
  { directory, readKept, issueApiKey }: VouchedSignInParts,
  name: string,
  isMeant: (principal: Principal, searched: string) => boolean,
): Promise<VouchedKey> {
  const username = readUsername(name);
  if (username === undefined) return { refusal: 'malformed-username' };
  const found = await directory.find(username);
  if ('refusal' in found) return found;
  // Nobody can be looked up without their password.
  if ('unread' in found) return { refusal: 'unknown-user' };
  const { principal } = found;
  if (!isMeant(principal, username)) return { refusal: 'unknown-user' };
  if (found.isDisabled) return { refusal: 'account-disabled', principal };
  if (principal.emails.length === 0) return { refusal: 'no-email', principal };
  const [admitted, kept] = await Promise.all([directory.admit(principal), readKept(principal)]);
  if ('refusal' in admitted) return { ...admitted, principal };
  const outcome = await issueApiKey(admitted.principal, kept);
  return 'refusal' in outcome ? { ...outcome, principal } : outcome;
}
