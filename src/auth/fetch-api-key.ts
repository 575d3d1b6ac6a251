import type { IssueApiKey, IssuedKey } from '../keys/issue-api-key.ts';
import type { Reservation } from '../ports/attempt-counter.ts';
import type { Authenticate, SignInAttempt } from './authenticate.ts';
import type { Refused } from './verify-person.ts';

/** The person's key, or why not; with the HMAC of the name and the name's budget, unless it was too long to have any. */
export type FetchedKey = {
  readonly nameDigest?: string | undefined;
  readonly budget?: Reservation | undefined;
} & ({ readonly issued: IssuedKey } | Refused);

/** Username and password in, API key out. Throws as `Authenticate` and `IssueApiKey` do. */
export type FetchApiKey = (attempt: SignInAttempt) => Promise<FetchedKey>;

/** Join the two halves of the main job. */
export function createFetchApiKey(authenticate: Authenticate, issueApiKey: IssueApiKey): FetchApiKey {
  return async (attempt) => {
    const verdict = await authenticate(attempt);
    if ('refusal' in verdict) return verdict;
    const { principal, kept, nameDigest, budget } = verdict;
    return { nameDigest, budget, principal, ...(await issueApiKey(principal, kept)) };
  };
}
