import type { Environment } from '../../config/environment.ts';
import { allAccounts } from '../../keys/all-accounts.ts';
import { type Output, withStore } from '../with-store.ts';
import { type Status, statusesOf } from './account-status.ts';
import { lineOf, objectOf } from './account-text.ts';
import { tellUnreadable } from './tell-unreadable.ts';

/** What is asked of the list. */
export interface ListOptions {
  /** Only accounts with which it is so; `undefined`: all. */
  readonly status?: Status;
  /** Whether each line is a JSON object. */
  readonly json?: boolean;
}

/**
 * Write a line for every account, by rising id: id, status, login name, email, directory, last answered check, minting of
 * the key. Gives the exit code: 0; 1 where a record cannot be read, and as `withStore` does.
 */
export function listAccountsCommand(
  env: Environment,
  { status, json }: ListOptions,
  streams: Output,
): Promise<number> {
  return withStore(env, streams, async ({ store }) => {
    const unreadable = tellUnreadable(streams.errors);
    for await (const account of allAccounts(store.accounts, unreadable.tell)) {
      if (status && !statusesOf(account).includes(status)) continue;
      streams.output.write(json ? `${JSON.stringify(objectOf(account))}\n` : lineOf(account));
    }
    return unreadable.count() > 0 ? 1 : 0;
  });
}
