import { firstValue } from './first-value.ts';
import { type PolicyForm, secondsWindow, stated } from './policy-form.ts';

/**
 * 389 Directory Server: the policy of the person or of the subtree, else the global one in cn=config, which the
 * service account can read only where an ACI lets it. FreeIPA is built on it and locks by policies of Kerberos,
 * which are not read.
 */
export const ds389: PolicyForm = {
  personAttribute: 'pwdpolicysubentry',
  defaultPolicy: () => 'cn=config',
  policyAttributes: ['passwordLockout', 'passwordMaxFailure', 'passwordResetFailureCount'],
  statedIn(policy) {
    const lockout = firstValue(policy, 'passwordLockout')?.toLowerCase();
    if (lockout === 'off') return 'never';
    if (lockout !== 'on') return undefined;
    return stated(
      firstValue(policy, 'passwordMaxFailure'),
      secondsWindow(firstValue(policy, 'passwordResetFailureCount')),
    );
  },
};
