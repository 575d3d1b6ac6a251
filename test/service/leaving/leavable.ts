import { Attribute, Change, type Client } from 'ldapts';

/** An attribute that says something of an account: its value then, and what it is else; `undefined`: not there. */
export interface Mark {
  readonly type: string;
  readonly set: string;
  readonly unset: string | undefined;
}

/** A running directory, and how its administrator makes people of it come and go. */
export interface Leavable extends AsyncDisposable {
  readonly admin: Client;
  /** What a service is told of it in the environment; `staff` is the required group. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for YAML, below `directory`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where somebody is who is called so, below the base of people. */
  readonly dnOf: (name: string) => string;
  /** The attributes of somebody new, beside the password. */
  readonly entryOf: (person: Omit<NewPerson, 'password'>) => Attribute[];
  /** A password, as the directory takes it. */
  readonly passwordOf: (password: string) => Attribute;
  /** What is to be set once they are there, and whenever they are given a password; `undefined`: to be none. */
  readonly later: Readonly<Record<string, string | undefined>>;
  /** Resolves once the server has written what it writes of a new password, where it answers before it does. */
  readonly passwordWritten?: (dn: string) => Promise<void>;
  /** A place that the service account may read, and where people are not looked for. */
  readonly elsewhere: string;
  readonly groupDn: (name: string) => string;
  /** What the entry of a group says beside its members. */
  readonly groupOf: (name: string) => Attribute[];
  /** The attribute of the login name. */
  readonly usernameAttribute: string;
  readonly disabled: Mark;
  readonly expired: Mark;
}

/** Somebody who is yet to come. */
export interface NewPerson {
  readonly name: string;
  readonly mail: string;
  readonly password: string;
}

/** Who leaves them is left out by the user filter of the tests. */
export const left: Mark = { type: 'employeeType', set: 'left', unset: undefined };

/** An attribute with these values, in any order. */
export const values = (type: string, ...of: string[]): Attribute => new Attribute({ type, values: of });

/** Add somebody to the directory. Throws what ldapts throws, as everything here does. */
export async function addPerson(at: Leavable, person: NewPerson): Promise<string> {
  const dn = at.dnOf(person.name);
  await at.admin.add(dn, [...at.entryOf(person), at.passwordOf(person.password)]);
  await setLater(at, dn);
  return dn;
}

async function setLater(at: Leavable, dn: string): Promise<void> {
  for (const [type, value] of Object.entries(at.later)) await replace(at, dn, type, value);
}

/** Give somebody another password. */
export async function setPassword(at: Leavable, dn: string, password: string): Promise<void> {
  await at.admin.modify(dn, new Change({ operation: 'replace', modification: at.passwordOf(password) }));
  await at.passwordWritten?.(dn);
  await setLater(at, dn);
}

/** Add a group that holds these entries. */
export async function addGroup(at: Leavable, name: string, ...members: string[]): Promise<string> {
  const dn = at.groupDn(name);
  await at.admin.add(dn, [...at.groupOf(name), values('member', ...members)]);
  return dn;
}

/** Give an attribute this value alone; `undefined`: none. */
export function replace({ admin }: Leavable, dn: string, type: string, value?: string): Promise<void> {
  const modification = values(type, ...(value === undefined ? [] : [value]));
  return admin.modify(dn, new Change({ operation: 'replace', modification }));
}

/** Put an entry into a group, or take it out. */
export function member(at: Leavable, group: string, operation: 'add' | 'delete', dn: string): Promise<void> {
  return at.admin.modify(at.groupDn(group), new Change({ operation, modification: values('member', dn) }));
}

/** Say something of an account, or no longer. */
export function mark(at: Leavable, dn: string, one: Mark, isSet: boolean): Promise<void> {
  return replace(at, dn, one.type, isSet ? one.set : one.unset);
}

/** Where an entry is once it has been moved out of the base. */
export function dnElsewhere(at: Leavable, dn: string): string {
  return `${dn.slice(0, dn.indexOf(','))},${at.elsewhere}`;
}

/** Give somebody another login name, and the DN that goes with it. */
export async function rename(at: Leavable, dn: string, name: string): Promise<void> {
  await at.admin.modifyDN(dn, at.dnOf(name));
  await replace(at, at.dnOf(name), at.usernameAttribute, name);
}
