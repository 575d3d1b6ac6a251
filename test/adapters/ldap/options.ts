import type { LdapDirectoryOptions } from '../../../src/adapters/ldap/ldap-directory.ts';
import type { Principal } from '../../../src/ports/principal.ts';

/** Options for the tests' OpenLDAP in clear, and what is different this time. */
export function ldapOptions(
  different: Partial<LdapDirectoryOptions> & Pick<LdapDirectoryOptions, 'urls'>,
): LdapDirectoryOptions {
  return {
    id: 'corp',
    startTls: false,
    ca: undefined,
    tlsServerName: undefined,
    bindDn: 'cn=latchkey,ou=services,dc=example,dc=org',
    bindPassword: 'latchkey-secret',
    userBase: 'ou=people,dc=example,dc=org',
    userFilter: '(&(objectClass=person)(|(uid={username})(mail={username})))',
    userDnTemplate: undefined,
    attributes: { id: 'entryUUID', idSyntax: 'text', username: 'uid', email: 'mail', fullName: 'cn' },
    emailDomain: undefined,
    resolveTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
    tlsTimeoutMs: 5_000,
    operationTimeoutMs: 5_000,
    searchConnections: 2,
    bindConnections: { size: 4, maxWaiting: 256, maxWaitMs: 10_000 },
    ...different,
  };
}

/** Somebody whom a bind as `dn` is to be made for. */
export function principalAt(dn: string): Principal {
  return {
    directoryId: 'corp',
    entryId: 'some-id',
    dn,
    username: 'someone',
    emails: [],
    fullName: 'Some One',
  };
}

/** The DN of somebody below ou=people whose uid needs no escaping. */
export const dnOf = (uid: string) => `uid=${uid},ou=people,dc=example,dc=org`;
