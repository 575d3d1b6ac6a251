import { suffixOf } from '../groups/normal-dn.ts';
import { firstValue } from './first-value.ts';
import { type PolicyForm, stated } from './policy-form.ts';

/** Windows of Active Directory are negative counts of 100 ns. */
const TICKS_PER_MS = 10_000n;
/** The least number of 64 bits stands for a window without end. */
const FOR_EVER = -(2n ** 63n);

/**
 * Active Directory: the fine-grained policy that results for the person (MS-ADTS, 3.1.1.4.5.36), which only
 * administrators may read unless they let others, else what the root of the person's domain states (MS-ADA1
 * lockoutThreshold, MS-ADA2 lockOutObservationWindow).
 */
export const activeDirectory: PolicyForm = {
  personAttribute: 'msDS-ResultantPSO',
  defaultPolicy: ({ dn }) => suffixOf(dn),
  policyAttributes: [
    'msDS-LockoutThreshold',
    'msDS-LockoutObservationWindow',
    'lockoutThreshold',
    'lockOutObservationWindow',
  ],
  statedIn: (policy) =>
    stated(
      firstValue(policy, 'msDS-LockoutThreshold') ?? firstValue(policy, 'lockoutThreshold'),
      ticksWindow(
        firstValue(policy, 'msDS-LockoutObservationWindow') ?? firstValue(policy, 'lockOutObservationWindow'),
      ),
    ),
};

function ticksWindow(written: string | undefined): number | undefined {
  if (written === undefined || !/^-\d+$/.test(written)) return undefined;
  const ticks = BigInt(written);
  return ticks === FOR_EVER ? undefined : Number(-ticks / TICKS_PER_MS);
}
