import type { Account, AccountStore } from '../ports/account-store.ts';

/** An entry of a directory, as accounts point to it. */
export type EntryOf = Pick<Account, 'directoryId' | 'entryId'>;

/** What the store keeps for an entry of a directory. */
export interface KeptAccount {
  /** What the entry's pointer holds; `undefined` where there is none. */
  readonly id: number | undefined;
  /** The record under that id, where it is this entry's: after a loss or a restore an id may lead to another's. */
  readonly account: Account | undefined;
}

/** Reads what is kept for an entry. Throws `Unavailable` when the store does not answer. */
export type ReadKept = (entry: EntryOf) => Promise<KeptAccount>;

/** So many pointers are remembered, each of some hundred bytes: a guess that is missing costs a round trip. */
const REMEMBERED = 10_000;

/**
 * Read pointer and record in one round trip: the record by the guess that the pointer holds what it held when it was
 * last read. The pointer says whether the guess was right, so that nothing ever comes of an old one.
 */
export function createReadKept(accounts: Pick<AccountStore, 'findId' | 'read'>): ReadKept {
  const guesses = new Map<string, number>();
  const remember = (entry: string, id: number): void => {
    guesses.set(entry, id);
    const [oldest] = guesses.size > REMEMBERED ? guesses.keys() : [];
    if (oldest !== undefined) guesses.delete(oldest);
  };
  return async (entry) => {
    const { directoryId, entryId } = entry;
    const name = `${directoryId}:${entryId}`;
    const guess = guesses.get(name);
    const [id, guessed] = await Promise.all([
      accounts.findId(directoryId, entryId),
      guess === undefined ? undefined : accounts.read(guess),
    ]);
    if (id === undefined) return { id, account: undefined };
    remember(name, id);
    const account = id === guess ? guessed : await accounts.read(id);
    return { id, account: accountOf(entry, account) };
  };
}

/** The record, where it is this entry's. */
export function accountOf(
  { directoryId, entryId }: EntryOf,
  account: Account | undefined,
): Account | undefined {
  return account?.directoryId === directoryId && account.entryId === entryId ? account : undefined;
}
