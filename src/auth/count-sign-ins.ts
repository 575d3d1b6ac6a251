import { type SignInRefusal, Unavailable } from '../errors.ts';
import type { Count } from '../ports/metrics.ts';
import type { FetchApiKey } from './fetch-api-key.ts';

/**
 * What came of a sign-in by password; `cut-short`: nothing, since the client went away, its address had no attempts
 * left, or by a fault of the service's own.
 */
export type SignInOutcome = 'accepted' | SignInRefusal | 'unavailable' | 'cut-short';

/** Count what `fetchApiKey` decides. Its answers are given on as they are. */
export function countSignIns(fetchApiKey: FetchApiKey, count: Count<SignInOutcome>): FetchApiKey {
  return (attempt) => {
    const deciding = fetchApiKey(attempt);
    void deciding.then(
      (fetched) => count('refusal' in fetched ? fetched.refusal : 'accepted'),
      (failure: unknown) => count(failure instanceof Unavailable ? 'unavailable' : 'cut-short'),
    );
    return deciding;
  };
}
