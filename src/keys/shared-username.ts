import type { Owner } from '../ports/account-store.ts';
import type { Directory } from '../ports/directory.ts';
import type { Principal } from '../ports/principal.ts';

/** What judging a login name rests on. */
export interface SharedUsernameParts {
  /** Every directory of the service as one. */
  readonly directory: Pick<Directory, 'countByUsername'>;
}

/**
 * Whether the login name is another entry's too, so that gateways could not tell the two people apart: whoever signs
 * in by email is found all the same. The directory is asked about a name that the account does not have yet.
 * Throws `Unavailable` when it does not answer.
 * @param before what the account kept until now; `undefined` for a new account
 */
export async function isUsernameShared(
  { directory }: SharedUsernameParts,
  principal: Principal,
  before: Owner | undefined,
): Promise<boolean> {
  return before?.username !== principal.username && (await directory.countByUsername(principal)) > 1;
}
