import type { Entry } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';
import { activeDirectory } from './active-directory.ts';
import { ds389 } from './ds389.ts';
import { firstValue } from './first-value.ts';
import { passwordPolicy } from './password-policy.ts';
import type { PolicyForm } from './policy-form.ts';

/** LDAP_CAP_ACTIVE_DIRECTORY_OID of MS-ADTS, 3.1.1.3.4.3. */
const ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800';
/** The control of draft-behera-ldap-password-policy, 6.1. */
const PASSWORD_POLICY = '1.3.6.1.4.1.42.2.27.8.5.1';

/**
 * The form of a directory's policies; `undefined`: none that is known, as where nobody is locked out.
 * @param policyDn the default policy of a directory that does not name it itself
 */
export function policyFormOf(rootDse: Entry, policyDn: string | undefined): PolicyForm | undefined {
  const holds = (attribute: string, oid: string) =>
    attributeValues(rootDse, attribute).some((value) => value.toString() === oid);
  const isActiveDirectory =
    firstValue(rootDse, 'domainFunctionality') !== undefined ||
    holds('supportedCapabilities', ACTIVE_DIRECTORY);
  if (isActiveDirectory) return activeDirectory;
  // It knows the control of password policies too, and so must come first.
  if (firstValue(rootDse, 'vendorName')?.includes('389 Project')) return ds389;
  const hasPolicies = policyDn !== undefined || holds('supportedControl', PASSWORD_POLICY);
  return hasPolicies ? passwordPolicy(policyDn) : undefined;
}
