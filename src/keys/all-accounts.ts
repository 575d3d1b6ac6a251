import { Unavailable } from '../errors.ts';
import type { Account, AccountStore } from '../ports/account-store.ts';

/** So many records are read at the same time. */
const BATCH = 200;

/**
 * Every account, by rising id; those that are made meanwhile may be missing. Looks through everything that the store
 * keeps. A record that cannot be read goes to `unreadable`, as the error that names it. Throws `Unavailable` when the
 * store does not answer.
 */
export async function* allAccounts(
  accounts: Pick<AccountStore, 'ids' | 'read'>,
  unreadable: (failure: unknown) => void,
): AsyncGenerator<Account> {
  const seen = new Set<number>();
  for await (const id of accounts.ids()) seen.add(id);
  const ids = [...seen].sort((a, b) => a - b);
  for (let at = 0; at < ids.length; at += BATCH) {
    const read = await Promise.allSettled(ids.slice(at, at + BATCH).map((id) => accounts.read(id)));
    for (const one of read) {
      if (one.status === 'fulfilled') {
        if (one.value) yield one.value;
      } else if (one.reason instanceof Unavailable) throw one.reason;
      else unreadable(one.reason);
    }
  }
}
