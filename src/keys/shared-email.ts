import type { Owner } from '../ports/account-store.ts';
import type { Directory } from '../ports/directory.ts';

/** What judging an email rests on. */
export interface SharedEmailParts {
  /** Every directory of the service as one. */
  readonly directory: Pick<Directory, 'countByEmail'>;
  /** Whether people may come in whose email is others' too. */
  readonly allowSharedEmails: boolean;
}

/** The owner as the account may keep it, or that the email names nobody. */
export type JudgedOwner = { readonly owner: Owner } | { readonly refusal: 'shared-email' };

/**
 * Ask the directories whether the owner's email is another entry's too. They are asked about an email that the
 * account does not have yet, and again about one that was shared, since it may be no longer; for everybody
 * else nobody is asked.
 * Throws `Unavailable` when a directory does not answer.
 * @param before what the account kept until now; `undefined` for a new account
 */
export async function judgeEmail(
  { directory, allowSharedEmails }: SharedEmailParts,
  owner: Owner,
  before: Owner | undefined,
): Promise<JudgedOwner> {
  if (before?.email === owner.email && !before.emailIsShared) return { owner };
  if ((await directory.countByEmail(owner.email)) <= 1) return { owner };
  return allowSharedEmails ? { owner: { ...owner, emailIsShared: true } } : { refusal: 'shared-email' };
}
