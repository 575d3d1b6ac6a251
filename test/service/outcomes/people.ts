import { Attribute, Change, Client, type ClientOptions } from 'ldapts';

/** Somebody beside the people whom every directory of the tests has. The password is NAME-secret. */
interface Person {
  readonly name: string;
  /** Without it there is none. */
  readonly mail?: string;
  /** Day on which the account has expired (shadowAccount), counted from 1970. */
  readonly shadowExpire?: string;
}

const added: readonly Person[] = [
  { name: 'josé', mail: 'jose@example.org' },
  { name: 'mary ann', mail: 'mary@example.org' },
  { name: 'mute' },
  { name: 'twin-a', mail: 'twins@example.org' },
  { name: 'twin-b', mail: 'twins@example.org' },
];
const expired: Person = { name: 'olga', mail: 'olga@example.org', shadowExpire: '18000' };

/** Adds those whom the table needs, as an administrator. Throws what ldapts throws. */
export type AddPeople = (client: Client) => Promise<void>;

/** Opens a connection as an administrator for as long as `use` lasts. */
export async function asAdmin(
  options: ClientOptions,
  { adminDn, adminPassword }: { readonly adminDn: string; readonly adminPassword: string },
  use: AddPeople,
): Promise<void> {
  const client = new Client({ ...options, timeout: 30_000, connectTimeout: 30_000 });
  try {
    await client.bind(adminDn, adminPassword);
    await use(client);
  } finally {
    await client.unbind();
  }
}

const dnOf = (name: string) => `uid=${name},ou=people,dc=example,dc=org`;

async function addInetOrgPerson(client: Client, { name, mail, shadowExpire }: Person): Promise<void> {
  await client.add(dnOf(name), {
    objectClass: ['inetOrgPerson', ...(shadowExpire ? ['shadowAccount'] : [])],
    ...{ uid: name, cn: name, sn: name, userPassword: `${name}-secret` },
    ...(mail && { mail }),
    ...(shadowExpire && { shadowExpire }),
  });
}

async function replace(client: Client, dn: string, type: string, value: string): Promise<void> {
  const modification = new Attribute({ type, values: [value] });
  await client.modify(dn, new Change({ operation: 'replace', modification }));
}

/** For OpenLDAP with the people of policies.ldif. */
export const addToOpenLdap: AddPeople = async (client) => {
  for (const person of [...added, expired]) await addInetOrgPerson(client, person);
};

/** For 389 Directory Server; frank among them, whose own policy leaves him grace logins. */
export const addToDs389: AddPeople = async (client) => {
  // Names beyond ASCII are refused while this plug-in is on.
  await replace(client, 'cn=config', 'nsslapd-dynamic-plugins', 'on');
  await replace(client, 'cn=7-bit check,cn=plugins,cn=config', 'nsslapd-pluginEnabled', 'off');
  for (const person of [...added, expired]) {
    await addInetOrgPerson(client, person);
    // Else a password that the manager has set must be changed.
    await replace(client, dnOf(person.name), 'passwordExpirationTime', '20380119031407Z');
  }
  await addInetOrgPerson(client, { name: 'frank', mail: 'frank@example.org' });
  const policyDn = 'cn=grace,dc=example,dc=org';
  await client.add(policyDn, {
    objectClass: ['ldapSubentry', 'passwordPolicy'],
    ...{ cn: 'grace', passwordExp: 'on', passwordMaxAge: '864000', passwordGraceLimit: '5' },
  });
  await replace(client, 'cn=config', 'nsslapd-pwpolicy-local', 'on');
  await replace(client, dnOf('frank'), 'pwdPolicySubentry', policyDn);
  await replace(client, dnOf('frank'), 'passwordExpirationTime', '20200101000000Z');
};

/** For a Samba domain. Passwords are taken in TLS only. */
export const addToSambaAd: AddPeople = async (client) => {
  for (const { name, mail } of added) {
    const password = Buffer.from(`"${name}-secret"`, 'utf16le');
    await client.add(`CN=${name},OU=People,DC=ad,DC=example,DC=org`, [
      new Attribute({ type: 'objectClass', values: ['user'] }),
      new Attribute({ type: 'sAMAccountName', values: [name] }),
      new Attribute({ type: 'userAccountControl', values: ['512'] }),
      ...(mail ? [new Attribute({ type: 'mail', values: [mail] })] : []),
      new Attribute({ type: 'unicodePwd', values: [password] }),
    ]);
  }
};
