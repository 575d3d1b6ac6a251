import { loadName, loadPeople } from '../support/people.ts';
import type { KeyLife } from './key-life.ts';

/** Somebody of the directory, and the key that is theirs now. */
export interface Person {
  readonly dn: string;
  readonly password: string;
  /** The login name now; the email begins with it. */
  name: string;
  /** Where they sign in from. */
  readonly address: string;
  key: KeyLife;
  /** The account's id. */
  userId: number;
}

/** What is done to people: to each of them one thing alone, so that it is known what must come of it. */
export interface Cast {
  /** Nothing. */
  readonly steady: readonly Person[];
  /** Their keys are regenerated and revoked. */
  readonly renewed: readonly Person[];
  /** An operator suspends and restores them. */
  readonly suspended: readonly Person[];
  /** The directory disables and enables them. */
  readonly disabled: readonly Person[];
  /** They leave the required group, and come back. */
  readonly leaving: readonly Person[];
  /** They get another name and email, and the old ones again. */
  readonly renamed: readonly Person[];
  /** Others guess their passwords. */
  readonly guessed: readonly Person[];
  readonly all: readonly Person[];
}

const COUNTS = {
  ...{ steady: 16, renewed: 5, suspended: 3, disabled: 3, leaving: 3, renamed: 3, guessed: 5 },
} as const;
const TOTAL = Object.values(COUNTS).reduce((sum, count) => sum + count, 0);

/** DN of the required group. */
export const STAFF = 'cn=staff,ou=groups,dc=example,dc=org';

const dnOf = (number: number) => `cn=${loadName(number)},ou=people,dc=example,dc=org`;

/**
 * The tree with all of them, and a group that they are in. They are named by `cn`, so that another login name moves
 * nobody, and are `shadowAccount`s, so that they can be disabled.
 */
export function castLdif(): string {
  const people = loadPeople(TOTAL)
    .replaceAll(/^dn: uid=/gm, 'dn: cn=')
    .replaceAll('objectClass: inetOrgPerson', 'objectClass: inetOrgPerson\nobjectClass: shadowAccount');
  const members = Array.from({ length: TOTAL }, (_, index) => `member: ${dnOf(index + 1)}`);
  return `${people}
dn: ou=groups,dc=example,dc=org
objectClass: organizationalUnit
ou: groups

dn: ${STAFF}
objectClass: groupOfNames
cn: staff
${members.join('\n')}
`;
}

/** Cast them. Each has the key of `keyOf`, who is asked about one after the other. */
export async function castPeople(
  keyOf: (person: Omit<Person, 'key' | 'userId'>) => Promise<Pick<Person, 'key' | 'userId'>>,
): Promise<Cast> {
  const all: Person[] = [];
  while (all.length < TOTAL) {
    const number = all.length + 1;
    const name = loadName(number);
    const person = { dn: dnOf(number), name, password: `secret-${name}`, address: `10.1.0.${number}` };
    all.push({ ...person, ...(await keyOf(person)) });
  }
  const rest = [...all];
  const take = (role: keyof typeof COUNTS) => rest.splice(0, COUNTS[role]);
  return {
    ...{ steady: take('steady'), renewed: take('renewed'), suspended: take('suspended') },
    ...{ disabled: take('disabled'), leaving: take('leaving'), renamed: take('renamed') },
    ...{ guessed: take('guessed'), all },
  };
}
