import type { Tally } from './tally.ts';
import { TIMES } from './times.ts';

/** Somebody of the directory, as it says now. Times are in milliseconds since the beginning of this life. */
export interface Person {
  readonly entryId: string;
  username: string;
  email: string;
  /** Whether the directory shows the entry. */
  isThere: boolean;
  isDisabled: boolean;
  /** Whether the entry was deleted, and its names given to somebody new. */
  isGone: boolean;
  /** When the directory last let them in or put them out. */
  changedAt: number;
  /** Whether one server has answered alone since it last put them out. */
  isOneServers: boolean;
  /** Whether a watch has told of them since the directory last let them in or put them out. */
  isTold: boolean;
  /** When they got the names that they have. */
  namedAt: number;
  /** Every login name that they have ever had. */
  readonly names: Set<string>;
}

/** An account, as far as it can be known from outside. */
export interface AccountFact {
  readonly id: number;
  readonly entryId: string;
  /** Whether an operator has suspended it. */
  isStopped: boolean;
  isDeleted: boolean;
  /** Since when the directory may have suspended it; `undefined`: it has not. */
  doubtfulSince: number | undefined;
  /** Whether it was doubtful for so long that its record may be forgotten. */
  mayBeForgotten: boolean;
  /** The directory has answered about it then, or later. */
  answeredAt: number;
}

/** A key that somebody has been given. */
export interface KeyFact {
  readonly text: string;
  readonly accountId: number;
  readonly entryId: string;
  readonly secretId: string;
  readonly mintedAt: number;
  /** What ended it; `undefined`: nothing has. */
  endedBy: string | undefined;
  /** The replicas that have said that they do not know it. */
  readonly unknownTo: Set<number>;
}

/** One of the two replicas. */
export type ReplicaNumber = 0 | 1;

/** The model: what has happened, as somebody outside sees it. */
export interface Facts {
  now: number;
  /** Since when the directory does not answer; `undefined`: it does. */
  outageSince: number | undefined;
  /** Until when replicas may not ask again about somebody, by the clock of this machine, in milliseconds. */
  pausesEndAt: number;
  readonly people: Person[];
  readonly accounts: Map<number, AccountFact>;
  readonly keys: KeyFact[];
  /** How many steps of the rotation each replica has made. */
  readonly rotations: [number, number];
  /** What was done and seen, and how often. */
  readonly tally: Tally;
  /** The ids of the secrets that each replica has. */
  readonly rings: [readonly string[], readonly string[]];
}

/** The words that login names and emails are made of. */
export const WORDS = ['ann', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus', 'hana'] as const;

/** Nothing has happened yet. */
export function noFacts(rings: Facts['rings'], tally: Tally): Facts {
  return {
    ...{ now: 0, outageSince: undefined, pausesEndAt: 0, people: [], accounts: new Map(), keys: [] },
    ...{ rotations: [0, 0], rings, tally },
  };
}

/** Add somebody whom the directory lets in. */
export function addPerson(facts: Facts, username: string, email: string): Person {
  const entryId = `entry-${facts.people.length + 1}`;
  const person: Person = {
    ...{ entryId, username, email, isThere: true, isDisabled: false, isGone: false },
    ...{
      changedAt: facts.now,
      isOneServers: true,
      isTold: false,
      namedAt: facts.now,
      names: new Set([username]),
    },
  };
  facts.people.push(person);
  return person;
}

/** Whether the directory lets them in. */
export function isIn({ isThere, isDisabled }: Person): boolean {
  return isThere && !isDisabled;
}

/** The person of an entry. @throws {Error} where there is none */
export function personOf({ people }: Facts, { entryId }: { readonly entryId: string }): Person {
  const person = people.find((one) => one.entryId === entryId);
  if (!person) throw new Error(`promise 1: nobody has the entry ${entryId}`);
  return person;
}

/** The account of an entry; `undefined`: there is none. */
export function accountOf({ accounts }: Facts, { entryId }: Person): AccountFact | undefined {
  return [...accounts.values()].find((one) => one.entryId === entryId && !one.isDeleted);
}

/** The account that a key was given for. @throws {Error} where there is none */
export function accountOfKey({ accounts }: Facts, { accountId }: KeyFact): AccountFact {
  const account = accounts.get(accountId);
  if (!account) throw new Error(`nobody has the account ${accountId}`);
  return account;
}

/** Whether a key is older than keys may be. */
export function isTooOld({ now }: Facts, { mintedAt }: KeyFact): boolean {
  return now - mintedAt > TIMES.maxAgeMs;
}

/** End every key of an account. */
export function endKeys({ keys }: Facts, accountId: number, endedBy: string): void {
  for (const key of keys) if (key.accountId === accountId) key.endedBy ??= endedBy;
}

/** Keep that the directory lets somebody in, or no longer. */
export function turn(
  facts: Facts,
  person: Person,
  change: Partial<Pick<Person, 'isThere' | 'isDisabled'>>,
): void {
  Object.assign(person, change);
  person.changedAt = facts.now;
  person.isTold = false;
  const account = accountOf(facts, person);
  if (isIn(person)) return;
  if (account?.doubtfulSince === undefined) person.isOneServers = true;
  if (account) account.doubtfulSince ??= facts.now;
}
