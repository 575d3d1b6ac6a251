import type { Account } from '../../ports/account-store.ts';

/** What may stand against an account's key, by the names that `--status` takes; `active`: nothing does. */
export const STATUSES = ['active', 'suspended', 'suspended-by-operator', 'revoked'] as const;

/** One of them. */
export type Status = (typeof STATUSES)[number];

/** Everything that stands against an account's key; `active` alone where nothing does. */
export function statusesOf({ suspension, suspendedByOperatorAt, key }: Account): readonly Status[] {
  const against: Status[] = [];
  if (suspension) against.push('suspended');
  if (suspendedByOperatorAt !== undefined) against.push('suspended-by-operator');
  if (!key) against.push('revoked');
  return against.length > 0 ? against : ['active'];
}

/** The same in words, with the directory's reason. */
export function statusInWords(account: Account): string {
  const words: Record<Status, string> = {
    active: 'active',
    suspended: `suspended (${account.suspension?.reason})`,
    'suspended-by-operator': 'suspended by an operator',
    revoked: 'revoked',
  };
  return statusesOf(account)
    .map((status) => words[status])
    .join(', ');
}
