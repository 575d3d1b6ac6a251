import { Unavailable } from '../errors.ts';
import { createReadKept } from '../keys/kept-account.ts';
import type { Account, AccountStore } from '../ports/account-store.ts';
import type { Directory, Found } from '../ports/directory.ts';
import type { Principal } from '../ports/principal.ts';
import { readUsername } from './username.ts';

/** What looking up rests on. */
export interface LookUpParts {
  readonly accounts: Pick<AccountStore, 'findId' | 'read'>;
  /** Every directory as one. */
  readonly directory: Pick<Directory, 'find'>;
}

/** The account, a person who has none, or why no directory can say whose name it is. */
export type LookedUp =
  | { readonly account: Account }
  | { readonly without: Principal }
  | { readonly unknown: string };

/**
 * Look for an account by its id, or by a login name or email of its owner, for which the directories are asked. Digits
 * that are an account's id are that. Throws `Unavailable` when the store does not answer.
 */
export async function lookUpAccount({ accounts, directory }: LookUpParts, typed: string): Promise<LookedUp> {
  const account = /^[1-9]\d*$/.test(typed) ? await accounts.read(Number(typed)) : undefined;
  if (account) return { account };
  const username = readUsername(typed);
  if (username === undefined) return { unknown: 'malformed-username' };
  const found = await find(directory, username);
  if ('refusal' in found) return { unknown: found.refusal };
  if ('unread' in found) return { unknown: 'nobody can be looked up without their password' };
  const { principal } = found;
  const kept = await createReadKept(accounts)(principal);
  return kept.account ? { account: kept.account } : { without: principal };
}

async function find(
  directory: Pick<Directory, 'find'>,
  username: string,
): Promise<Found | { readonly refusal: string }> {
  try {
    return await directory.find(username);
  } catch (failure) {
    if (!(failure instanceof Unavailable)) throw failure;
    return { refusal: 'the directory did not answer' };
  }
}
