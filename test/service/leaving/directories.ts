import { readFileSync } from 'node:fs';
import { Attribute, Client, type ClientOptions } from 'ldapts';
import { READ_DELETED_OBJECTS } from '../../adapters/ldap/watch/read-deleted-objects.ts';
import { startDs389 } from '../../support/ds389.ts';
import { startOpenLdap } from '../../support/open-ldap.ts';
import { startSambaAd } from '../../support/samba-ad.ts';
import { until } from '../../support/until.ts';
import type { DirectoryName } from '../outcomes/case.ts';
import { type Leavable, type NewPerson, values } from './leavable.ts';

/** A server with an administrator and a service account. */
interface Server extends AsyncDisposable {
  readonly url: string;
  readonly baseDn: string;
  readonly adminDn: string;
  readonly adminPassword: string;
  readonly serviceDn: string;
  readonly servicePassword: string;
}

/** The administrator's connection to a server, and what ends both. */
async function administered(server: Server, over: ClientOptions = { url: server.url }) {
  await using starting = new AsyncDisposableStack();
  starting.use(server);
  const admin = new Client({ timeout: 30_000, connectTimeout: 30_000, ...over });
  await admin.bind(server.adminDn, server.adminPassword);
  starting.defer(() => admin.unbind());
  const parts = starting.move();
  return { admin, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

function environment(server: Server, over: Readonly<Record<string, string>>): Record<string, string> {
  return {
    LDAP_URL: server.url,
    LDAP_BIND_DN: server.serviceDn,
    LDAP_BIND_PASSWORD: server.servicePassword,
    ...over,
  };
}

/** What OpenLDAP and 389 Directory Server have in common. */
function asInetOrgPeople(server: Server, preset: string, more: { people: string[]; groups: string[] }) {
  const [people, groups] = [`ou=people,${server.baseDn}`, `ou=groups,${server.baseDn}`];
  const groupDn = (name: string) => `cn=${name},${groups}`;
  return {
    env: environment(server, {
      LDAP_PRESET: preset,
      LDAP_USER_BASE: people,
      LDAP_USER_FILTER: '(&(objectClass=person)(!(employeeType=left))(|(uid={username})(mail={username})))',
      LDAP_REQUIRED_GROUP: groupDn('staff'),
    }),
    settings: { groups: { base: groups } },
    dnOf: (name: string) => `uid=${name},${people}`,
    entryOf: ({ name, mail }: Omit<NewPerson, 'password'>) => [
      values('objectClass', 'inetOrgPerson', 'shadowAccount', ...more.people),
      ...['uid', 'cn', 'sn'].map((type) => values(type, name)),
      values('mail', mail),
    ],
    passwordOf: (password: string) => values('userPassword', password),
    elsewhere: `ou=services,${server.baseDn}`,
    groupDn,
    groupOf: (name: string) => [values('objectClass', 'groupOfNames', ...more.groups), values('cn', name)],
    usernameAttribute: 'uid',
    expired: { type: 'shadowExpire', set: '18000', unset: undefined },
  };
}

async function openLdap(): Promise<Leavable> {
  const server = await startOpenLdap({ policies: true });
  return {
    ...(await administered(server)),
    ...asInetOrgPeople(server, 'openldap', { people: [], groups: [] }),
    // Else a password that the administrator has changed must be changed.
    later: { pwdReset: undefined },
    disabled: { type: 'pwdAccountLockedTime', set: '000001010000Z', unset: undefined },
  };
}

const EXPIRATION = 'passwordExpirationTime';

async function ds389(): Promise<Leavable> {
  const server = await startDs389();
  const parts = await administered(server);
  const mustChange = async (dn: string) => {
    const { searchEntries } = await parts.admin.search(dn, { scope: 'base', attributes: [EXPIRATION] });
    return String(searchEntries[0]?.[EXPIRATION]).startsWith('1970');
  };
  return {
    ...parts,
    ...asInetOrgPeople(server, '389ds', { people: ['nsMemberOf', 'nsAccount'], groups: ['nsMemberOf'] }),
    // Else a password that the manager has set must be changed.
    later: { [EXPIRATION]: '20380119031407Z' },
    passwordWritten: async (dn) => {
      await until('the password must be changed', () => mustChange(dn));
    },
    disabled: { type: 'nsAccountLock', set: 'true', unset: undefined },
  };
}

async function activeDirectory(): Promise<Leavable> {
  const server = await startSambaAd();
  await server.exec(['python3', '-c', READ_DELETED_OBJECTS]);
  // Passwords are taken in TLS only.
  const tlsOptions = { ca: readFileSync(server.caFile), servername: server.tlsServerName };
  const [people, groups] = [`OU=People,${server.baseDn}`, `OU=Groups,${server.baseDn}`];
  const groupDn = (name: string) => `CN=${name},${groups}`;
  return {
    ...(await administered(server, { url: server.tlsUrl, tlsOptions })),
    env: environment(server, {
      LDAP_PRESET: 'active-directory',
      LDAP_USER_BASE: people,
      LDAP_USER_FILTER:
        '(&(objectCategory=person)(objectClass=user)(!(employeeType=left))(|(sAMAccountName={username})(mail={username})))',
      LDAP_REQUIRED_GROUP: groupDn('staff'),
    }),
    settings: { groups: { base: groups } },
    dnOf: (name) => `CN=${name},${people}`,
    entryOf: ({ name, mail }) => [
      values('objectClass', 'user'),
      values('sAMAccountName', name),
      values('userAccountControl', '512'),
      values('mail', mail),
    ],
    passwordOf: (password) =>
      new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${password}"`, 'utf16le')] }),
    later: {},
    elsewhere: `OU=Services,${server.baseDn}`,
    groupDn,
    groupOf: (name) => [values('objectClass', 'group'), values('sAMAccountName', name)],
    usernameAttribute: 'sAMAccountName',
    disabled: { type: 'userAccountControl', set: '514', unset: '512' },
    // 2020-01-01, in steps of 100 ns since 1601; 0: never.
    expired: { type: 'accountExpires', set: '132223104000000000', unset: '0' },
  };
}

/** Start each of them on free ports. */
export const startLeavable: Record<DirectoryName, () => Promise<Leavable>> = {
  openLdap,
  activeDirectory,
  ds389,
};
