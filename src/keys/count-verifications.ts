import { type KeyRefusal, Unavailable } from '../errors.ts';
import type { Count } from '../ports/metrics.ts';
import type { KeyVerdict, VerifyApiKey } from './verify-api-key.ts';

/** What came of a verification; `failed`: a fault of the service's own. */
export type VerificationOutcome = 'accepted' | KeyRefusal | 'unavailable' | 'failed';

/** Count what `verifyApiKey` decides. Its answers are given on as they are, and no later. */
export function countVerifications(
  verifyApiKey: VerifyApiKey,
  count: Count<VerificationOutcome>,
): VerifyApiKey {
  const countVerdict = (verdict: KeyVerdict) => count('refusal' in verdict ? verdict.refusal : 'accepted');
  return (key, name) => {
    const deciding = verifyApiKey(key, name);
    if (deciding instanceof Promise) {
      void deciding.then(countVerdict, (failure: unknown) =>
        count(failure instanceof Unavailable ? 'unavailable' : 'failed'),
      );
    } else countVerdict(deciding);
    return deciding;
  };
}
