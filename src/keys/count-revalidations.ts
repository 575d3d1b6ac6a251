import type { Account, LeaverReason } from '../ports/account-store.ts';
import type { CountOf } from '../ports/metrics.ts';
import type { Revalidate } from './revalidate.ts';

/** `in`: the account lives; `out`: it is suspended or gone; `unanswered`: nobody could tell. */
export type RevalidationOutcome = 'in' | 'out' | 'unanswered';

/** Where revalidations are counted, and what they change. */
export interface RevalidationCounts {
  readonly revalidated: CountOf<RevalidationOutcome>;
  readonly suspended: CountOf<LeaverReason>;
  readonly restored: (directoryId: string) => void;
}

/** Count what `revalidate` finds, once where several callers share its promise. Its answers are given on as they are. */
export function countRevalidations(revalidate: Revalidate, counts: RevalidationCounts): Revalidate {
  const counted = new WeakSet<Promise<unknown>>();
  return (account) => {
    const asking = revalidate(account);
    if (counted.has(asking)) return asking;
    counted.add(asking);
    void asking.then(
      (after) => countChange(counts, account, after),
      () => counts.revalidated(account.directoryId, 'unanswered'),
    );
    return asking;
  };
}

function countChange(counts: RevalidationCounts, before: Account, after: Account | undefined): void {
  const { directoryId } = before;
  // The very account that was given: its directory has no service account, and could not be asked.
  if (after === before) {
    counts.revalidated(directoryId, 'unanswered');
    return;
  }
  counts.revalidated(directoryId, after && !after.suspension ? 'in' : 'out');
  if (!after) return;
  if (!before.suspension && after.suspension) counts.suspended(directoryId, after.suspension.reason);
  if (before.suspension && !after.suspension) counts.restored(directoryId);
}
