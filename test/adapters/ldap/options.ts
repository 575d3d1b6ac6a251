import { createLdapDirectory, type LdapDirectoryOptions } from '../../../src/adapters/ldap/ldap-directory.ts';
import type { Principal } from '../../../src/ports/principal.ts';
import { recordingLog } from '../../support/recording-log.ts';

/** What says what about the people of the tests' OpenLDAP. */
export const personAttributes = {
  id: 'entryUUID',
  idSyntax: 'text',
  username: 'uid',
  email: 'mail',
  fullName: 'cn',
  disabledBy: {},
} as const;

/** Options for the tests' OpenLDAP in clear, and what is different this time. */
export function ldapOptions(
  different: Partial<LdapDirectoryOptions> & Pick<LdapDirectoryOptions, 'urls'>,
): LdapDirectoryOptions {
  return {
    id: 'corp',
    startTls: false,
    ca: undefined,
    tlsServerName: undefined,
    srvDomain: undefined,
    clientCert: undefined,
    clientKey: undefined,
    bindDn: 'cn=latchkey,ou=services,dc=example,dc=org',
    bindPassword: 'latchkey-secret',
    userBase: 'ou=people,dc=example,dc=org',
    userFilter: '(&(objectClass=person)(|(uid={username})(mail={username})))',
    userDnTemplate: undefined,
    attributes: personAttributes,
    passwordPolicy: true,
    emailDomain: undefined,
    loginDomains: [],
    resolveTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
    tlsTimeoutMs: 5_000,
    operationTimeoutMs: 5_000,
    maxMessageBytes: 1_048_576,
    connectionMaxAgeMs: 600_000,
    connectionMaxIdleMs: 60_000,
    probe: { firstMs: 1_000, atMostMs: 30_000 },
    searchConnections: 2,
    bindConnections: { size: 4, maxWaiting: 256, maxWaitMs: 10_000 },
    ...different,
  };
}

/** Binds as people are made without a look at what the server supports. */
export const bindsAlone = { passwordPolicy: false } as const;

/** A directory with these options, whose log nobody reads. */
export const ldapDirectory = (different: Parameters<typeof ldapOptions>[0]) =>
  createLdapDirectory(ldapOptions(different), recordingLog());

/** Somebody whom a bind as `dn` is to be made for. */
export function principalAt(dn: string): Principal {
  return {
    directoryId: 'corp',
    entryId: 'some-id',
    dn,
    username: 'someone',
    emails: [],
    fullName: 'Some One',
    groups: [],
  };
}

/** The DN of somebody below ou=people whose uid needs no escaping. */
export const dnOf = (uid: string) => `uid=${uid},ou=people,dc=example,dc=org`;
