import type { SignInRefusal } from '../../../src/errors.ts';
import type { IssuedKey } from '../../../src/keys/issue-api-key.ts';
import { type AccountFact, type Facts, isIn, isTooOld, type KeyFact, type Person } from './facts.ts';
import { TIMES } from './times.ts';
import type { Invariant } from './violation.ts';

/** What came of a sign-in. */
export type Answer = { readonly issued: IssuedKey } | { readonly refused: SignInRefusal } | 'unanswered';

/** A sign-in, and all that is known about it. */
export interface Seen {
  readonly facts: Facts;
  readonly person: Person;
  /** Theirs until now; `undefined`: none that is known of. */
  readonly account: AccountFact | undefined;
  /** The key that they have, if nothing has ended it. */
  readonly living: KeyFact | undefined;
  readonly answer: Answer;
}

/** What was handed out, where somebody came in. */
export const issued = ({ answer }: Seen): IssuedKey | undefined =>
  answer !== 'unanswered' && 'issued' in answer ? answer.issued : undefined;
const isRefused = ({ answer }: Seen) => answer !== 'unanswered' && 'refused' in answer;
const isUp = ({ facts }: Seen) => facts.outageSince === undefined;

/** What holds of every sign-in. */
export const SIGN_IN_INVARIANTS: readonly Invariant<Seen>[] = [
  {
    promise: 1,
    holds: 'whoever signs in gets the account of their own entry, as the directory has it now',
    isBroken: (seen) => {
      const account = issued(seen)?.account;
      if (!account) return false;
      const { entryId, username, email } = seen.person;
      return (
        account.entryId !== entryId || account.owner.username !== username || account.owner.email !== email
      );
    },
  },
  {
    promise: 1,
    holds: 'no two people share an account',
    isBroken: (seen) => {
      const other = seen.facts.accounts.get(issued(seen)?.account.id ?? 0);
      return other !== undefined && other.entryId !== seen.person.entryId;
    },
  },
  {
    promise: 1,
    holds: 'whoever has an account keeps it, whatever they are called by now',
    isBroken: (seen) => {
      const { account } = seen;
      const id = issued(seen)?.account.id;
      return id !== undefined && account !== undefined && !account.mayBeForgotten && account.id !== id;
    },
  },
  {
    promise: 1,
    holds: 'a new account has an id that nobody has ever had',
    isBroken: (seen) => {
      const id = issued(seen)?.account.id;
      return id !== undefined && id !== seen.account?.id && id <= Math.max(...seen.facts.accounts.keys());
    },
  },
  {
    promise: 2,
    holds: 'whom the directory does not let in does not sign in',
    isBroken: (seen) => issued(seen) !== undefined && !isIn(seen.person),
  },
  {
    promise: 2,
    holds: 'whom an operator has suspended does not sign in',
    isBroken: (seen) => issued(seen) !== undefined && seen.account?.isStopped === true,
  },
  {
    promise: 2,
    holds: 'whom the directory lets in signs in',
    isBroken: (seen) => {
      const { facts, person, account } = seen;
      const isWaiting =
        account?.doubtfulSince !== undefined &&
        !person.isOneServers &&
        facts.now - person.changedAt <= TIMES.restoreAfterMs;
      return isRefused(seen) && isUp(seen) && isIn(person) && !account?.isStopped && !isWaiting;
    },
  },
  {
    promise: 2,
    holds: 'a key that has ended is not given out again',
    isBroken: (seen) => {
      const text = issued(seen)?.apiKey;
      return seen.facts.keys.some(
        (key) => key.text === text && (key.endedBy !== undefined || isTooOld(seen.facts, key)),
      );
    },
  },
  {
    promise: 5,
    holds: 'an outage of the directory is no answer to a sign-in',
    isBroken: (seen) => !isUp(seen) && seen.answer !== 'unanswered',
  },
  {
    promise: 5,
    holds: 'a sign-in is answered while everything answers',
    isBroken: (seen) => isUp(seen) && seen.answer === 'unanswered',
  },
  {
    promise: 6,
    holds: 'whoever signs in again gets the same key',
    isBroken: (seen) => {
      const key = issued(seen)?.apiKey;
      return (
        key !== undefined &&
        seen.living !== undefined &&
        !seen.account?.mayBeForgotten &&
        seen.living.text !== key
      );
    },
  },
];
