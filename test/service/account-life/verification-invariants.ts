import type { KeyRefusal } from '../../../src/errors.ts';
import type { Account } from '../../../src/ports/account-store.ts';
import {
  type AccountFact,
  type Facts,
  isIn,
  isTooOld,
  type KeyFact,
  type Person,
  type ReplicaNumber,
} from './facts.ts';
import { TIMES } from './times.ts';
import type { Invariant } from './violation.ts';

/** What came of a verification. */
export type Answer = { readonly good: Account } | { readonly refused: KeyRefusal } | 'unanswered';

/** A verification, and all that is known about it. */
export interface Seen {
  readonly facts: Facts;
  readonly key: KeyFact;
  readonly account: AccountFact;
  readonly person: Person;
  readonly replica: ReplicaNumber;
  readonly answer: Answer;
}

/** Whose the key is, where it verified. */
export const good = ({ answer }: Seen): Account | undefined =>
  answer !== 'unanswered' && 'good' in answer ? answer.good : undefined;
const isRefused = ({ answer }: Seen) => answer !== 'unanswered' && 'refused' in answer;
/** Whether the directory answers. */
export const isUp = ({ facts }: Seen) => facts.outageSince === undefined;
const sinceTurn = ({ facts, person }: Seen) => facts.now - person.changedAt;
const hasSecret = ({ facts, key, replica }: Seen) => facts.rings[replica].includes(key.secretId);

/** Whether nothing but the directory could speak against the key. */
const isEntitled = (seen: Seen) => {
  const { facts, key, account } = seen;
  const isOver =
    key.endedBy !== undefined || isTooOld(facts, key) || account.isDeleted || account.mayBeForgotten;
  return !isOver && !account.isStopped && hasSecret(seen);
};
const isUndoubted = (seen: Seen) => isEntitled(seen) && seen.account.doubtfulSince === undefined;

/** What holds of every verification. */
export const VERIFICATION_INVARIANTS: readonly Invariant<Seen>[] = [
  {
    promise: 1,
    holds: 'a key stands for the person to whom it was given, and for nobody else',
    isBroken: (seen) => {
      const account = good(seen);
      return (
        account !== undefined && (account.id !== seen.key.accountId || account.entryId !== seen.key.entryId)
      );
    },
  },
  {
    promise: 1,
    holds: 'what is said of the owner is no further behind the directory than keys.maxStaleness',
    isLate: true,
    isBroken: (seen) => {
      const { facts, person } = seen;
      const owner = good(seen)?.owner;
      const isDue = isUp(seen) && isIn(person) && facts.now - person.namedAt > TIMES.maxStalenessMs;
      return (
        isDue && owner !== undefined && (owner.username !== person.username || owner.email !== person.email)
      );
    },
  },
  {
    promise: 2,
    holds: 'a key that was regenerated, replaced, revoked or deleted never verifies again',
    isBroken: (seen) => good(seen) !== undefined && seen.key.endedBy !== undefined,
  },
  {
    promise: 2,
    holds: 'a key that a replica did not know never verifies on it again',
    isBroken: (seen) => good(seen) !== undefined && seen.key.unknownTo.has(seen.replica),
  },
  {
    promise: 2,
    holds: 'a key whose secret has left the ring of a replica does not verify on it',
    isBroken: (seen) => good(seen) !== undefined && !hasSecret(seen),
  },
  {
    promise: 2,
    holds: 'a key older than keys.maxAge is refused',
    isBroken: (seen) => good(seen) !== undefined && isTooOld(seen.facts, seen.key),
  },
  {
    promise: 2,
    holds: 'whom an operator has suspended is refused on every replica, whatever the directory says',
    isBroken: (seen) => good(seen) !== undefined && seen.account.isStopped,
  },
  {
    promise: 2,
    holds: 'a leaver is refused once keys.maxStaleness has passed',
    isLate: true,
    isBroken: (seen) =>
      good(seen) !== undefined && isUp(seen) && !isIn(seen.person) && sinceTurn(seen) > TIMES.maxStalenessMs,
  },
  {
    promise: 2,
    holds: 'a leaver whom a watch has told of is refused at once',
    isBroken: (seen) => good(seen) !== undefined && !isIn(seen.person) && seen.person.isTold,
  },
  {
    promise: 2,
    holds: 'whoever is let back in lives again, with the same key',
    isLate: true,
    isBroken: (seen) => {
      const { person } = seen;
      const within = person.isOneServers ? TIMES.revalidateAfterMs : TIMES.restoreAfterMs;
      return !good(seen) && isUp(seen) && isEntitled(seen) && isIn(person) && sinceTurn(seen) > within;
    },
  },
  {
    promise: 5,
    holds: 'an outage of the directory refuses nobody',
    isBroken: (seen) => isRefused(seen) && !isUp(seen) && isUndoubted(seen),
  },
  {
    promise: 5,
    holds: 'a good key stays good through an outage, for keys.outageGrace from the last answered check',
    isBroken: (seen) => {
      const { facts, account } = seen;
      const isWithin = facts.now - account.answeredAt <= TIMES.outageGraceMs;
      return !good(seen) && !isUp(seen) && isUndoubted(seen) && isWithin;
    },
  },
  {
    promise: 5,
    holds: 'no key is good for longer than keys.outageGrace without an answer of the directory',
    isBroken: ({ facts, ...seen }) =>
      good({ facts, ...seen }) !== undefined &&
      facts.outageSince !== undefined &&
      facts.now - facts.outageSince > TIMES.outageGraceMs,
  },
  {
    promise: 6,
    holds: 'a key that was handed out is not refused while nothing speaks against it',
    isBroken: (seen) => isRefused(seen) && isUp(seen) && isUndoubted(seen),
  },
  {
    promise: 6,
    holds: 'a key that was handed out verifies while everything answers and nothing speaks against it',
    isLate: true,
    isBroken: (seen) => !good(seen) && isUp(seen) && isUndoubted(seen),
  },
];
