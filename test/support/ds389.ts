import { type DirectoryServer, startDirectoryServer } from './directory-server.ts';

/**
 * A running 389 Directory Server that serves dc=example,dc=org to those who have bound.
 * People are uid=NAME below ou=people, with the password NAME-secret and the mail NAME@example.org: alice, bob; victim,
 * whom a test may lock; dora (nsAccountLock), lena (locked by wrong passwords), erin (password expired), carol (must
 * change hers). Groups are below ou=groups, and memberOf is nested: developers holds alice, staff developers and
 * carol, `Sales, West` bob, ring-a bob and ring-b, ring-b ring-a.
 * Ten wrong passwords lock (passwordMaxFailure of cn=config, which the service account may read) until an admin
 * resets it.
 */
export type Ds389 = DirectoryServer & {
  /** ldaps://localhost:tlsPort. The certificate is for localhost only. */
  readonly tlsUrl: string;
  readonly baseDn: string;
  readonly adminDn: string;
  readonly adminPassword: string;
  /** The service account: may read everything but userPassword. */
  readonly serviceDn: string;
  readonly servicePassword: string;
};

/** Starts a 389 Directory Server of its own on free ports. Throws, with its words, when it does not come up. */
export async function startDs389(): Promise<Ds389> {
  const server = await startDirectoryServer({ name: 'ds389', caFile: '/etc/dirsrv/ssca/ca.crt' });
  return {
    ...server,
    tlsUrl: `ldaps://localhost:${server.tlsPort}`,
    baseDn: 'dc=example,dc=org',
    adminDn: 'cn=Directory Manager',
    adminPassword: 'manager-secret',
    serviceDn: 'cn=latchkey,ou=services,dc=example,dc=org',
    servicePassword: 'latchkey-secret',
  };
}
