import type { IssuedKey, IssueOutcome, IssuingParts } from '../../src/keys/issue-api-key.ts';

/** The key that was issued. Throws where none was. */
export function issuedOf(outcome: IssueOutcome): IssuedKey {
  if ('refusal' in outcome) throw new Error(`no key: ${outcome.refusal}`);
  return outcome.issued;
}

/** Directories in which every email and every login name is one person's. */
export const NO_EMAIL_SHARED: Pick<IssuingParts, 'directory' | 'allowSharedEmails'> = {
  directory: { countByEmail: async () => 1, countByUsername: async () => 1 },
  allowSharedEmails: false,
};
