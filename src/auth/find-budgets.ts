import type { CanonicalName } from '../keys/canonical-name.ts';
import type { Budget } from '../ports/attempt-counter.ts';
import type { Directory } from '../ports/directory.ts';
import { belowLockout } from './below-lockout.ts';
import type { SignInBudgets } from './sign-in-budgets.ts';
import { readUsername } from './username.ts';

/** One place where failed sign-ins are counted. */
export interface Budgeted {
  /** For an operator: `name alice` or `person alice of default`. */
  readonly label: string;
  readonly key: string;
  /** The budget that holds there. */
  readonly budget: Budget;
}

/** What finding them rests on. */
export interface SignInNames extends Pick<SignInBudgets, 'digestName' | 'keys'> {
  readonly directory: Pick<Directory, 'find'>;
  readonly canonical: CanonicalName;
}

/** Every place, and why the person's is not among them. */
export interface FoundBudgets {
  readonly budgets: readonly Budgeted[];
  /** `undefined` where the person was found. */
  readonly unknown: string | undefined;
}

/**
 * Where failed sign-ins of somebody are counted: under the name as typed, under each name and email of the
 * person whom it stands for, and under the person. Throws `Unavailable` when the directory does not answer.
 */
export async function findBudgets(parts: SignInNames, typed: string, budget: Budget): Promise<FoundBudgets> {
  const { directory, canonical, digestName, keys } = parts;
  const ofNames = (names: readonly string[]): Budgeted[] =>
    [...new Set(names.map(canonical))].map((name) => ({
      label: `name ${name}`,
      key: keys.ofName(digestName(name)),
      budget,
    }));
  const username = readUsername(typed);
  if (username === undefined) return { budgets: ofNames([typed]), unknown: 'malformed-username' };
  const found = await directory.find(username);
  if ('refusal' in found) return { budgets: ofNames([typed]), unknown: found.refusal };
  const person = 'principal' in found ? found.principal : found.unread;
  const emails = 'principal' in found ? found.principal.emails : [];
  const ofPerson: Budgeted = {
    label: `person ${person.username} of ${person.directoryId}`,
    key: keys.ofPerson(person),
    budget: belowLockout(budget, found.lockout),
  };
  return { budgets: [...ofNames([typed, person.username, ...emails]), ofPerson], unknown: undefined };
}
