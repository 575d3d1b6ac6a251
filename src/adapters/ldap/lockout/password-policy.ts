import { firstValue } from './first-value.ts';
import { type PolicyForm, secondsWindow, stated } from './policy-form.ts';

/**
 * OpenLDAP with ppolicy (slapo-ppolicy(5), draft-behera-ldap-password-policy): the policy of the person, else the
 * default one, which only the server's own configuration names.
 */
export function passwordPolicy(defaultPolicy: string | undefined): PolicyForm {
  return {
    personAttribute: 'pwdPolicySubentry',
    defaultPolicy: () => defaultPolicy,
    policyAttributes: ['pwdAttribute', 'pwdLockout', 'pwdMaxFailure', 'pwdFailureCountInterval'],
    statedIn(policy) {
      // Every policy has it: where it is missing the rest is not absent but hidden.
      if (firstValue(policy, 'pwdAttribute') === undefined) return undefined;
      if (firstValue(policy, 'pwdLockout') !== 'TRUE') return 'never';
      return stated(
        firstValue(policy, 'pwdMaxFailure') ?? '0',
        secondsWindow(firstValue(policy, 'pwdFailureCountInterval')),
      );
    },
  };
}
