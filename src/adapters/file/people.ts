import type { IsPassword } from './password-hash.ts';

/** Someone in a file of people. */
export interface LocalPerson {
  /** Permanent, in lower case. */
  readonly id: string;
  readonly username: string;
  /** At least one. */
  readonly emails: readonly string[];
  readonly fullName: string;
  readonly isPassword: IsPassword;
  readonly disabled: boolean;
  readonly passwordExpired: boolean;
}

/** The people of one file, none of whom shares an id, a username or an email with another. */
export interface People {
  /** In the file's order. */
  readonly all: readonly LocalPerson[];
  readonly withId: (id: string) => LocalPerson | undefined;
  /** By username or any email, without case. */
  readonly named: (name: string) => LocalPerson | undefined;
}

/** Make people findable. */
export function createPeople(all: readonly LocalPerson[]): People {
  const ids = new Map(all.map((person) => [person.id, person]));
  const names = new Map(
    all.flatMap((person) =>
      [person.username, ...person.emails].map((name) => [foldName(name), person] as const),
    ),
  );
  return { all, withId: (id) => ids.get(id), named: (name) => names.get(foldName(name)) };
}

/** The form that the spellings of a username or an email share: NFC, without case. */
export function foldName(name: string): string {
  // Upper case first: it takes apart what lower case alone keeps (ß and ss, the two sigmas).
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
