import { readFile } from 'node:fs/promises';
import { inRepository } from './repository.ts';

/** Gives the text of people.ldif: the tree under dc=example,dc=org that tests find unless they bring their own. */
export function testPeople(): Promise<string> {
  return readFile(inRepository('test/support/people.ldif'), 'utf8');
}

const tree = `dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: ou=services,dc=example,dc=org
objectClass: organizationalUnit
ou: services

dn: cn=latchkey,ou=services,dc=example,dc=org
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: latchkey
userPassword: latchkey-secret
`;

function person(uid: string): string {
  return `
dn: uid=${uid},ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
displayName: ${uid}
sn: ${uid}
mail: ${uid}@example.org
userPassword: secret-${uid}
`;
}

/** The login name of one of the people of `loadPeople`, counted from 1. */
export function loadName(number: number): string {
  return `user${String(number).padStart(4, '0')}`;
}

/**
 * Gives the LDIF of a whole tree with the service account and `count` people below ou=people: uid `user0001` and up,
 * password `secret-user0001`, mail `user0001@example.org`.
 */
export function loadPeople(count: number): string {
  const uids = Array.from({ length: count }, (_, index) => loadName(index + 1));
  return tree + uids.map(person).join('');
}
