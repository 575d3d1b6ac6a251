import { type DirectoryServer, startDirectoryServer } from './directory-server.ts';

/**
 * A running Samba that is the Active Directory domain controller of ad.example.org.
 * People are CN=Given Surname below OU=People (see test/containers/samba-ad/people.py), with the sAMAccountName NAME,
 * the password NAME-secret and the mail NAME@example.org: alice, bob; victim, whom a test may lock; carol (must change
 * the password), dora (disabled), erin (password expired), lena (locked by wrong passwords), olga (account expired),
 * hugo (no logon hours), wanda (may log on at another workstation only). Groups are below OU=Groups: developers
 * holds alice, staff developers and carol, `Sales, West` bob, ring-a bob and ring-b, ring-b ring-a.
 * Ten wrong passwords lock for half an hour (lockoutThreshold, lockoutDuration of the domain's root entry).
 */
export type SambaAd = DirectoryServer & {
  /** ldaps://127.0.0.1:tlsPort. The certificate is not for that address, but for `tlsServerName`. */
  readonly tlsUrl: string;
  /** The only name in the certificate, as it is in AD. */
  readonly tlsServerName: string;
  readonly baseDn: string;
  /** The domain's name in `NAME\alice`. */
  readonly netbiosName: string;
  /** What follows the @ in a userPrincipalName. */
  readonly upnSuffix: string;
  readonly adminDn: string;
  readonly adminPassword: string;
  readonly serviceDn: string;
  readonly servicePassword: string;
};

/** What may differ. */
export type SambaAdOptions = {
  /** Whether a simple bind without TLS is refused, as AD's default is; false without it. */
  strongAuth?: boolean;
};

/** Starts a domain controller of its own on free ports. Throws, with its words, when it does not come up. */
export async function startSambaAd(options: SambaAdOptions = {}): Promise<SambaAd> {
  const server = await startDirectoryServer({
    name: 'samba-ad',
    env: { STRONG_AUTH: options.strongAuth ? 'yes' : 'no' },
    caFile: '/etc/samba/certs/ca.crt',
  });
  return {
    ...server,
    tlsUrl: `ldaps://127.0.0.1:${server.tlsPort}`,
    tlsServerName: 'dc1.ad.example.org',
    baseDn: 'DC=ad,DC=example,DC=org',
    netbiosName: 'AD',
    upnSuffix: 'ad.example.org',
    adminDn: 'CN=Administrator,CN=Users,DC=ad,DC=example,DC=org',
    adminPassword: 'Admin-Secret-1',
    serviceDn: 'CN=Service Account,OU=Services,DC=ad,DC=example,DC=org',
    servicePassword: 'svc-secret',
  };
}
