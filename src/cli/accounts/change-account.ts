import type { Environment } from '../../config/environment.ts';
import type { Account, AccountStore } from '../../ports/account-store.ts';
import { type Output, withStore } from '../with-store.ts';
import { nameOf } from './account-text.ts';
import { nameAccount } from './name-account.ts';

/** What an operator does to an account. */
export type AccountChange = 'suspend' | 'restore' | 'revoke' | 'delete';

/** What is asked of the change. */
export interface ChangeOptions {
  /** Whether it is really wanted; only `delete` asks. */
  readonly yes?: boolean;
}

/**
 * Suspend, restore, revoke or delete an account, for every replica at once, and say so. Gives the exit code: 0; 1 where
 * `nameAccount` finds none, where `delete` has no `yes`, and as `withStore` does.
 *
 * Deleting revokes first, which is acknowledged: should a failover bring the record back, its key stays dead. Then it
 * removes the record, and the pointer to it last. A crash in between leaves a pointer that leads nowhere, which the next
 * sign-in replaces; the other order would leave a record that nothing leads to, with a key that lives.
 * @param name id, login name or email
 */
export function changeAccountCommand(
  env: Environment,
  change: AccountChange,
  name: string,
  { yes }: ChangeOptions,
  streams: Output,
): Promise<number> {
  const { output, errors } = streams;
  return withStore(env, streams, async (opened) => {
    const account = await nameAccount(opened, name, streams);
    if (!account) return 1;
    if (change === 'delete' && !yes) {
      errors.write(`${nameOf(account)} would be deleted: repeat it with --yes\n`);
      return 1;
    }
    const done = await changes[change](opened.store.accounts, account);
    if (done) output.write(`${nameOf(account)}: ${done}\n`);
    else errors.write(`${nameOf(account)} is gone meanwhile\n`);
    return done ? 0 : 1;
  });
}

/** Do it, and give the words for it; `undefined` where there is no record any more. */
const changes: Record<
  AccountChange,
  (accounts: AccountStore, account: Account) => Promise<string | undefined>
> = {
  async suspend(accounts, { id }) {
    const done = await accounts.suspendByOperator(id);
    return done ? 'suspended until it is restored' : undefined;
  },
  async restore(accounts, { id }) {
    const done = await accounts.restore(id);
    return done ? 'restored; the directory is asked before the key is believed again' : undefined;
  },
  async revoke(accounts, { id }) {
    const done = await accounts.revoke(id);
    return done ? 'revoked; the next sign-in mints a new key' : 'has no key already';
  },
  async delete(accounts, { id, directoryId, entryId }) {
    await accounts.revoke(id);
    await accounts.remove(id);
    await accounts.unpoint(directoryId, entryId, id);
    return 'deleted; the next sign-in makes a new account';
  },
};
