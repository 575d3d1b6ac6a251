import { readFileSync } from 'node:fs';
import { startDs389 } from '../../support/ds389.ts';
import { startOpenLdap } from '../../support/open-ldap.ts';
import { startSambaAd } from '../../support/samba-ad.ts';
import type { DirectoryName } from './case.ts';
import { addToDs389, addToOpenLdap, addToSambaAd, asAdmin } from './people.ts';

/** A directory with all the people of the table. */
export interface Peopled extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly serviceDn: string;
  readonly servicePassword: string;
  /** What somebody is bound as. */
  readonly bindName: (name: string) => string;
  /** A group that holds a group. */
  readonly staffDn: string;
  /** Settings of the environment; the rest is the same for all. */
  readonly env: Readonly<Record<string, string>>;
  /** Settings of YAML for the directory. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How its TLS begins. */
  readonly tls: 'ldaps' | 'StartTLS';
}

async function openLdap(): Promise<Peopled> {
  const server = await startOpenLdap({ policies: true, useLockout: true });
  await asAdmin({ url: server.url }, server, addToOpenLdap);
  return {
    ...server,
    bindName: (name) => `uid=${name},ou=people,${server.baseDn}`,
    staffDn: `cn=staff,ou=groups,${server.baseDn}`,
    env: { LDAP_PRESET: 'openldap', LDAP_USER_BASE: `ou=people,${server.baseDn}` },
    settings: { groups: { base: `ou=groups,${server.baseDn}` } },
    tls: 'StartTLS',
  };
}

async function activeDirectory(): Promise<Peopled> {
  const server = await startSambaAd();
  const tlsOptions = { ca: readFileSync(server.caFile), servername: server.tlsServerName };
  await asAdmin({ url: server.tlsUrl, tlsOptions }, server, addToSambaAd);
  return {
    ...server,
    bindName: (name) => `${name}@${server.upnSuffix}`,
    staffDn: `CN=staff,OU=Groups,${server.baseDn}`,
    env: { LDAP_PRESET: 'active-directory', LDAP_USER_BASE: `OU=People,${server.baseDn}` },
    settings: { loginDomains: [server.netbiosName, server.upnSuffix] },
    tls: 'ldaps',
  };
}

async function ds389(): Promise<Peopled> {
  const server = await startDs389();
  await asAdmin({ url: server.url }, server, addToDs389);
  return {
    ...server,
    bindName: (name) => `uid=${name},ou=people,${server.baseDn}`,
    staffDn: `cn=staff,ou=groups,${server.baseDn}`,
    env: { LDAP_PRESET: '389ds', LDAP_USER_BASE: `ou=people,${server.baseDn}` },
    settings: { groups: { base: `ou=groups,${server.baseDn}` } },
    tls: 'ldaps',
  };
}

/** Start each of them on free ports. */
export const startDirectory: Record<DirectoryName, () => Promise<Peopled>> = {
  openLdap,
  activeDirectory,
  ds389,
};
