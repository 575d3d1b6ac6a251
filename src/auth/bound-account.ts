import { isSuspended } from '../keys/suspended.ts';
import type { Account, AccountStore } from '../ports/account-store.ts';

/** An account as a ticket names it: whatever gives the account a new key, or takes it away, ends the ticket with it. */
interface Binding {
  readonly id: number;
  /** Not there: the account had no key. */
  readonly nonce?: string | undefined;
}

/** What a ticket holds of an account: whose it is, and the nonce of the key of that moment. */
export function bindTo({ id, key }: Account): string {
  const binding: Binding = { id, nonce: key?.nonce };
  return JSON.stringify(binding);
}

/**
 * The account that a ticket's value is bound to, as it is now; `undefined` where it is gone or suspended, or its key
 * is another one by now. Throws `Unavailable` when the store does not answer.
 */
export async function boundAccount(
  value: string,
  accounts: Pick<AccountStore, 'read'>,
): Promise<Account | undefined> {
  const { id, nonce } = JSON.parse(value) as Binding;
  const account = await accounts.read(id);
  return account && account.key?.nonce === nonce && !isSuspended(account) ? account : undefined;
}
