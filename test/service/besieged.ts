import { Attribute, Change, Client, type Entry, type SearchOptions } from 'ldapts';
import { startOpenLdap } from '../support/open-ldap.ts';
import { startSambaAd } from '../support/samba-ad.ts';
import { searchAsService } from '../support/search-as-service.ts';

/** A directory that locks, the person who is guessed at, and another whom nobody guards. */
export interface Besieged extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The entry of its settings. */
  readonly settings: Record<string, unknown>;
  readonly person: { readonly dn: string; readonly password: string };
  /** What the directory, or a person who looks at it, takes for the person's name. */
  readonly spellings: readonly string[];
  /** What others may take for it, and this directory does not. */
  readonly others: readonly string[];
  readonly unguarded: { readonly dn: string; readonly password: string };
  /** How many failures the directory holds against somebody. */
  failures(dn: string): Promise<number>;
}

const valuesOf = (entry: Entry | undefined, attribute: string) => [entry?.[attribute] ?? []].flat();

/** An OpenLDAP whose default policy locks at `threshold`; it folds what Unicode has of one letter. */
export async function besiegedOpenLdap(threshold: number): Promise<Besieged> {
  const laterLdif = `dn: cn=default,ou=policies,dc=example,dc=org
changetype: modify
replace: pwdMaxFailure
pwdMaxFailure: ${threshold}

dn: cn=Jose Nunez,ou=people,dc=example,dc=org
changetype: add
objectClass: inetOrgPerson
cn: Jose Nunez
sn: Nunez
uid:: ${Buffer.from('josé').toString('base64')}
mail: jose@example.org
userPassword: jose-secret
`;
  const server = await startOpenLdap({ policies: true, laterLdif });
  const people = `ou=people,${server.baseDn}`;
  return {
    ...{ url: server.url, port: server.port },
    settings: {
      ...{ bindDn: server.serviceDn, bindPassword: server.servicePassword, userBase: people },
      lockout: { policyDn: `cn=default,ou=policies,${server.baseDn}` },
    },
    person: { dn: `cn=Jose Nunez,${people}`, password: 'jose-secret' },
    spellings: [
      'josé',
      'JOSÉ',
      ' josé  ',
      'josé\u00a0',
      'josé'.normalize('NFD'),
      'ｊｏｓé',
      '𝐣𝐨𝐬é',
      'jose@example.org',
      'JOSE@Example.ORG',
      ' jose@example.org',
    ],
    others: ['EXAMPLE\\josé'],
    unguarded: { dn: `uid=victim,${people}`, password: 'victim-secret' },
    async failures(dn) {
      const how: SearchOptions = { scope: 'base', attributes: ['pwdFailureTime'] };
      return valuesOf((await searchAsService(server, dn, how))[0], 'pwdFailureTime').length;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A Samba AD whose domain locks at `threshold`. */
export async function besiegedActiveDirectory(threshold: number): Promise<Besieged> {
  const server = await startSambaAd();
  await using admin = new Client({ url: server.url });
  await admin.bind(server.adminDn, server.adminPassword);
  const modification = new Attribute({ type: 'lockoutThreshold', values: [String(threshold)] });
  await admin.modify(server.baseDn, new Change({ operation: 'replace', modification }));
  const people = `OU=People,${server.baseDn}`;
  return {
    ...{ url: server.url, port: server.port },
    settings: {
      preset: 'active-directory',
      ...{ bindDn: server.serviceDn, bindPassword: server.servicePassword, userBase: server.baseDn },
      loginDomains: [server.netbiosName, server.upnSuffix],
    },
    person: { dn: `CN=Alice Archer,${people}`, password: 'alice-secret' },
    spellings: [
      'alice',
      'ALICE',
      ' alice ',
      'alice@example.org',
      'Alice@EXAMPLE.org',
      `alice@${server.upnSuffix}`,
      `ALICE@${server.upnSuffix.toUpperCase()}`,
      `${server.netbiosName}\\alice`,
      'ad\\ALICE',
    ],
    others: ['ａｌｉｃｅ', 'alice\u00a0'],
    unguarded: { dn: `CN=Victor Victim,${people}`, password: 'victim-secret' },
    async failures(dn) {
      const how: SearchOptions = { scope: 'base', attributes: ['badPwdCount'] };
      return Number(valuesOf((await searchAsService(server, dn, how))[0], 'badPwdCount')[0] ?? 0);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
