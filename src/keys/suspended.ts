import type { Account } from '../ports/account-store.ts';

/** Whether the directory or an operator keeps the account's owner out. */
export function isSuspended({ suspension, suspendedByOperatorAt }: Account): boolean {
  return suspension !== undefined || suspendedByOperatorAt !== undefined;
}
