import type { SecretRing } from '../../keys/secret-ring.ts';
import type { Account } from '../../ports/account-store.ts';
import { moment, printable } from '../printable.ts';
import { statusesOf, statusInWords } from './account-status.ts';

/** What an account is called in a sentence. */
export function nameOf({ id, owner, directoryId }: Account): string {
  return printable(`account ${id} (${owner.username} of ${directoryId})`);
}

/** An account in one line, line feed included. */
export function lineOf(account: Account): string {
  const { id, owner, directoryId, check, key } = account;
  const parts = [
    ...[String(id), statusInWords(account), owner.username, owner.email, directoryId],
    `checked ${moment(check.at)}`,
    key ? `key of ${moment(key.mintedAt)}` : 'no key',
  ];
  return `${printable(parts.join('  '))}\n`;
}

/** Everything about an account but the nonce of its key, a line each. */
export function linesOf(account: Account, ring: SecretRing): string {
  const { owner, check, suspension, suspendedByOperatorAt, key } = account;
  const isIn = key && ring.byId(key.secretId) ? '' : ', which is not in this ring';
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    ['status', statusInWords(account)],
    ['login name', owner.username],
    ['email', owner.emailIsShared ? `${owner.email} (others have it too)` : owner.email],
    ['all emails', owner.emails.join(', ')],
    ['full name', owner.fullName],
    ['groups', owner.groups.join(', ') || 'none'],
    ['former names', owner.formerNames.join(', ') || 'none'],
    ['directory', account.directoryId],
    ['entry', account.entryId],
    ['made', moment(account.createdAt)],
    ['checked', check.at === 0 ? 'never' : `${moment(check.at)} by ${check.server}`],
    ['suspended', suspension && `${moment(suspension.at)} by ${suspension.server}: ${suspension.reason}`],
    [
      'suspended by an operator',
      suspendedByOperatorAt === undefined ? undefined : moment(suspendedByOperatorAt),
    ],
    [
      'key',
      key ? `of ${moment(key.mintedAt)}, by secret ${key.secretId}${isIn}` : 'none until the next sign-in',
    ],
    ['acknowledged', account.isUnacknowledged && 'not yet: a failover of Redis may lose it'],
  ];
  const lines = rows.flatMap(([label, value]) =>
    value === undefined ? [] : [`  ${`${label}:`.padEnd(14)} ${printable(value)}\n`],
  );
  return `account ${account.id}\n${lines.join('')}`;
}

/** The same as one JSON object; moments in ISO 8601, `null` where there is none. */
export function objectOf(account: Account): object {
  const { id, directoryId, entryId, createdAt, owner, check, suspension, suspendedByOperatorAt, key } =
    account;
  return {
    ...{ id, status: statusesOf(account), directoryId, entryId, createdAt: timeOf(createdAt) },
    ...owner,
    check: check.at === 0 ? null : { ...check, at: timeOf(check.at) },
    suspension: suspension ? { ...suspension, at: timeOf(suspension.at) } : null,
    suspendedByOperatorAt: suspendedByOperatorAt === undefined ? null : timeOf(suspendedByOperatorAt),
    key: key ? { secretId: key.secretId, mintedAt: timeOf(key.mintedAt) } : null,
    isAcknowledged: !account.isUnacknowledged,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
