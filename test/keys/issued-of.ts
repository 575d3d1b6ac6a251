import type { Freshen } from '../../src/keys/freshen.ts';
import type { IssuedKey, IssueOutcome, IssuingParts } from '../../src/keys/issue-api-key.ts';

/** The key that was issued. Throws where none was. */
export function issuedOf(outcome: IssueOutcome): IssuedKey {
  if ('refusal' in outcome) throw new Error(`no key: ${outcome.refusal}`);
  return outcome.issued;
}

/** Accounts whose directory is never asked again. */
export const NEVER_ASKED: Pick<IssuingParts, 'revalidate' | 'revalidateAfterMs' | 'restoreAfterMs'> = {
  revalidate: async (account) => account,
  revalidateAfterMs: Number.POSITIVE_INFINITY,
  restoreAfterMs: 0,
};

/** Every account is as the directory has it. */
export const freshen: Freshen = (account) => account;

/** Directories in which every email and every login name is one person's. */
export const NO_EMAIL_SHARED: Pick<IssuingParts, 'directory' | 'allowSharedEmails'> = {
  directory: { countByEmail: async () => 1, countByUsername: async () => 1 },
  allowSharedEmails: false,
};
