import { type KeyRefusal, Unavailable } from '../errors.ts';
import type { Count } from '../ports/metrics.ts';
import type { VerifyApiKey } from './verify-api-key.ts';

/** What came of a verification; `failed`: a fault of the service's own. */
export type VerificationOutcome = 'accepted' | KeyRefusal | 'unavailable' | 'failed';

/** Count what `verifyApiKey` decides. Its answers are given on as they are, and no later. */
export function countVerifications(
  verifyApiKey: VerifyApiKey,
  count: Count<VerificationOutcome>,
): VerifyApiKey {
  return (key, name) => {
    const deciding = verifyApiKey(key, name);
    void deciding.then(
      (verdict) => count('refusal' in verdict ? verdict.refusal : 'accepted'),
      (failure: unknown) => count(failure instanceof Unavailable ? 'unavailable' : 'failed'),
    );
    return deciding;
  };
}
