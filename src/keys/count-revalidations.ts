import type { Account } from '../ports/account-store.ts';
import type { CountOf } from '../ports/metrics.ts';
import type { Revalidate } from './revalidate.ts';

/** `in`: the account lives; `out`: it is suspended or gone; `unanswered`: nobody could tell. */
export type RevalidationOutcome = 'in' | 'out' | 'unanswered';

/** Count what `revalidate` finds, once where several callers share its promise. Its answers are given on as they are. */
export function countRevalidations(revalidate: Revalidate, count: CountOf<RevalidationOutcome>): Revalidate {
  const counted = new WeakSet<Promise<unknown>>();
  return (account) => {
    const asking = revalidate(account);
    if (counted.has(asking)) return asking;
    counted.add(asking);
    void asking.then(
      (after) => count(account.directoryId, outcomeOf(account, after)),
      () => count(account.directoryId, 'unanswered'),
    );
    return asking;
  };
}

function outcomeOf(before: Account, after: Account | undefined): RevalidationOutcome {
  // The very account that was given: its directory has no service account, and could not be asked.
  if (after === before) return 'unanswered';
  return after && !after.suspension ? 'in' : 'out';
}
