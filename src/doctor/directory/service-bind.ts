import {
  bindAsService,
  hasServiceAccount,
  type ServiceAccount,
} from '../../adapters/ldap/connection/bind-as-service.ts';
import type { LdapConnection } from '../../adapters/ldap/connection/connection.ts';
import type { Endpoint } from '../../adapters/ldap/connection/endpoint.ts';
import { reasonOf, resultCodeOf } from '../reason.ts';
import { asksForTls, RESULT } from '../result-codes.ts';
import type { Look } from '../step.ts';
import { WHO_AM_I_OID } from './root-dse.ts';

/** Bind as the service account, as the service does. */
export async function lookAtServiceBind(
  connection: LdapConnection,
  account: ServiceAccount,
  endpoint: Endpoint,
): Promise<Look<true>> {
  if (!hasServiceAccount(account)) {
    return {
      status: 'skipped',
      seen: 'no service account: people are bound to by userDnTemplate, and read as themselves',
    };
  }
  const how = account.bindDn === undefined ? 'by client certificate' : `as ${account.bindDn}`;
  try {
    await bindAsService(connection, account);
  } catch (failure) {
    return { status: 'failed', seen: `${how}: ${reasonOf(failure)}`, fix: fixOf(failure, account, endpoint) };
  }
  const identity = await whoAmI(connection);
  return { status: 'ok', seen: identity ? `${how}: the server says ${identity}` : how, value: true };
}

/** Who the server says is bound; `undefined` where it does not know the question, as Active Directory may not. */
async function whoAmI({ client }: LdapConnection): Promise<string | undefined> {
  try {
    return String((await client.exop(WHO_AM_I_OID)).value ?? '') || undefined;
  } catch {
    return undefined;
  }
}

/** No such account, or not with this password. */
const UNKNOWN_ACCOUNT: readonly (number | undefined)[] = [
  RESULT.invalidCredentials,
  RESULT.noSuchObject,
  RESULT.invalidDnSyntax,
  RESULT.inappropriateAuthentication,
];
/** The account is locked or disabled. */
const REFUSED_ACCOUNT: readonly (number | undefined)[] = [
  RESULT.unwillingToPerform,
  RESULT.constraintViolation,
];

/** What to change, by the result code. */
function fixOf(failure: unknown, { bindDn }: ServiceAccount, { host, security }: Endpoint): string {
  const code = resultCodeOf(failure);
  if (asksForTls(code)) {
    return security === 'none'
      ? `startTls (LDAP_STARTTLS=true), or urls (LDAP_URL): ldaps://${host}`
      : 'the server wants a stronger bind than a password over TLS: see its log';
  }
  if (bindDn === undefined) {
    return 'clientCertFile, clientKeyFile: the server must map this certificate to an entry (OpenLDAP: authz-regexp; Active Directory: the account’s altSecurityIdentities), or set bindDn (LDAP_BIND_DN) and bindPassword (LDAP_BIND_PASSWORD)';
  }
  if (UNKNOWN_ACCOUNT.includes(code)) {
    return 'bindDn (LDAP_BIND_DN), bindPassword (LDAP_BIND_PASSWORD): the directory knows no such account or password; write the whole DN, such as cn=latchkey,ou=services,dc=example,dc=org';
  }
  if (REFUSED_ACCOUNT.includes(code)) {
    return 'bindDn (LDAP_BIND_DN): the directory refuses this account whatever the password is; unlock or enable it';
  }
  return `bindDn (LDAP_BIND_DN): see the log of ${host}${code === undefined ? '' : ` for result ${code}`}`;
}
