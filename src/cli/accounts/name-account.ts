import { lookUpAccount } from '../../auth/look-up-account.ts';
import { allAccounts } from '../../keys/all-accounts.ts';
import type { CanonicalName } from '../../keys/canonical-name.ts';
import { isOwnersName } from '../../keys/owner.ts';
import type { Account } from '../../ports/account-store.ts';
import { canonicalName } from '../../sign-in-settings.ts';
import { printable } from '../printable.ts';
import type { Opened, Output } from '../with-store.ts';
import { lineOf } from './account-text.ts';
import { tellUnreadable } from './tell-unreadable.ts';

/**
 * The one account that an operator means by its id, or by a login name or email of its owner; `undefined` where there is
 * none, or more than one: `errors` says which. Where no directory can say whose name it is, as with a leaver's, all
 * accounts are looked through for it, as a name of now or of before, and `errors` says so.
 */
export async function nameAccount(
  { config, directory, store }: Opened,
  typed: string,
  { errors }: Output,
): Promise<Account | undefined> {
  const { accounts } = store;
  const looked = await lookUpAccount({ accounts, directory }, typed);
  if ('account' in looked) return looked.account;
  if ('without' in looked) {
    const { username, directoryId } = looked.without;
    errors.write(printable(`${username} of ${directoryId} has no account: they have never signed in`));
    errors.write('\n');
    return undefined;
  }
  errors.write(`no directory knows this name (${looked.unknown}): looking through all accounts\n`);
  const named = await accountsNamed({ accounts, canonical: canonicalName(config), errors }, typed);
  if (named.length === 1) return named[0];
  errors.write(named.length === 0 ? 'no account has or had this name\n' : SEVERAL);
  for (const one of named) errors.write(lineOf(one));
  return undefined;
}

const SEVERAL = 'several accounts have or had this name; say which by its id:\n';

interface NamingParts extends Pick<Output, 'errors'> {
  readonly accounts: Opened['store']['accounts'];
  readonly canonical: CanonicalName;
}

async function accountsNamed(
  { accounts, canonical, errors }: NamingParts,
  typed: string,
): Promise<Account[]> {
  const named: Account[] = [];
  for await (const account of allAccounts(accounts, tellUnreadable(errors).tell))
    if (isOwnersName(account.owner, typed, canonical)) named.push(account);
  return named;
}
