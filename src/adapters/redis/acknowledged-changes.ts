import { randomBytes } from 'node:crypto';
import { Unacknowledged } from '../../errors.ts';
import type { Account, AccountStore } from '../../ports/account-store.ts';
import { accountKey, pointerKey } from './account-key.ts';
import { keyField } from './account-record.ts';
import type { AcknowledgedWrites, Written } from './acknowledged-writes.ts';
import type { RedisClient } from './client.ts';

/** The changes of an account that a failover must not lose. */
export type AcknowledgedChanges = Pick<
  AccountStore,
  'mint' | 'revoke' | 'acknowledge' | 'suspendByOperator' | 'restore'
>;

/** What the messages say to whoever asked: what is written may be lost, and how to ask again. */
const MAY_BE = {
  lost: 'Your API key could still be lost by a failure of the store, so it is not given out yet: please sign in again',
  replaced:
    'Your new API key could still be lost by a failure of the store, and the old one live again: please sign in again',
  revived: 'The key is revoked, but a failover of Redis could still bring it back: repeat the command',
  let_in: 'The account is suspended, but a failover of Redis could still undo that: repeat the command',
  kept_out: 'The account is restored, but a failover of Redis could still undo that: repeat the command',
} as const;

/**
 * Changes that leave a mark on the record until replicas have acknowledged them through `writes`. Each has a mark of its
 * own, so that a change that comes between is never taken for acknowledged.
 */
export function createAcknowledgedChanges(
  redis: RedisClient,
  writes: AcknowledgedWrites,
): AcknowledgedChanges {
  /** Whoever meets a mark that is left waits again: that it could not be taken away is nobody's failure. */
  const settle = (id: number, mark: string) => redis.settleAccount(accountKey(id), mark).catch(() => {});
  /** Gives what the script gave, once replicas have what it wrote: nothing, where it gave 0. */
  const change = async (
    id: number,
    mayBe: string,
    write: (mark: string) => Promise<Written<number>>,
  ): Promise<boolean> => {
    const mark = newMark();
    const { reply, isAcknowledged, cause } = await write(mark);
    if (reply === 0) return false;
    if (!isAcknowledged) throw new Unacknowledged(mayBe, cause);
    await settle(id, mark);
    return reply === 1;
  };
  return {
    mint: (id, nonce, key) =>
      change(id, MAY_BE.replaced, (mark) =>
        writes.write('mintKey', accountKey(id), nonce ?? '', keyField(key), mark),
      ),
    revoke: (id) => change(id, MAY_BE.revived, (mark) => writes.write('revokeKey', accountKey(id), mark)),
    suspendByOperator: (id) =>
      change(id, MAY_BE.let_in, (mark) => writes.write('stopAccount', accountKey(id), mark)),
    restore: (id) =>
      change(id, MAY_BE.kept_out, (mark) => writes.write('restoreAccount', accountKey(id), mark)),
    async acknowledge({ id, directoryId, entryId, key, isUnacknowledged }: Account) {
      if (!isUnacknowledged) return;
      const [record, pointer] = await Promise.all([
        writes.write('touchAccount', accountKey(id), key?.nonce ?? ''),
        writes.write('touchPointer', pointerKey(directoryId, entryId), id),
      ]);
      const mark = record.reply;
      // Nobody takes a mark away that has not seen both acknowledged.
      if (mark === '') return;
      const isThere = mark !== null && pointer.reply === 1;
      if (!isThere || !record.isAcknowledged || !pointer.isAcknowledged)
        throw new Unacknowledged(MAY_BE.lost, record.cause ?? pointer.cause);
      await settle(id, mark);
    },
  };
}

/** What nothing else is marked with. */
export function newMark(): string {
  return randomBytes(8).toString('hex');
}
