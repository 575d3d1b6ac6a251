import type { AccountStore, LeaverReason } from '../ports/account-store.ts';
import type { CountOf } from '../ports/metrics.ts';

/** Where the directories' suspensions are counted. */
export interface SuspensionCounts {
  readonly suspended: CountOf<LeaverReason>;
  readonly restored: (directoryId: string) => void;
}

/** What checks change. */
type Checking = Pick<AccountStore, 'confirm' | 'suspend'>;

/** Count the suspensions that checks give and lift, each once over all replicas. Answers are given on as they are. */
export function countSuspensions(accounts: Checking, counts: SuspensionCounts): Checking {
  return {
    async confirm(id, confirmation) {
      const checked = await accounts.confirm(id, confirmation);
      if (checked?.hasTurned) counts.restored(checked.account.directoryId);
      return checked;
    },
    async suspend(id, leaving) {
      const checked = await accounts.suspend(id, leaving);
      if (checked?.hasTurned) counts.suspended(checked.account.directoryId, leaving.reason);
      return checked;
    },
  };
}
