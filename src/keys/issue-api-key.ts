import type { Account, AccountStore, KeyMaterial } from '../ports/account-store.ts';
import type { Principal } from '../ports/principal.ts';
import type { CanonicalName } from './canonical-name.ts';
import { currentApiKey } from './current-api-key.ts';
import { type MintingParts, newKey } from './new-key.ts';
import { ownerOf, sameOwner } from './owner.ts';

/** An API key and the account that it stands for. */
export interface IssuedKey {
  readonly apiKey: string;
  readonly account: Account;
}

/**
 * Gives a principal who has an email the key of their account: the same one each time, from an account made
 * at the first. `accountId` is what the entry's pointer holds, `undefined` where there is none.
 * Throws `Unavailable` when the store does not answer.
 */
export type IssueApiKey = (principal: Principal, accountId: number | undefined) => Promise<IssuedKey>;

/** What issuing rests on. */
export interface IssuingParts extends MintingParts {
  readonly accounts: AccountStore;
  readonly canonical: CanonicalName;
}

/** Issue keys of `parts.ring` for the records in `parts.accounts`. */
export function createIssueApiKey(parts: IssuingParts): IssueApiKey {
  return async (principal, accountId) => {
    const own = accountId === undefined ? undefined : await readOwn(parts, principal, accountId);
    const account = own
      ? await bringUpToDate(parts, principal, own)
      : await makeAccount(parts, principal, accountId);
    const apiKey = currentApiKey(parts.ring, account);
    if (!apiKey) throw new Error(`the key of account ${account.id} is of a secret outside the ring`);
    return { apiKey, account };
  };
}

/** The record under `id`, if it is this principal's: after a loss or a restore an id may lead to another's. */
async function readOwn(parts: IssuingParts, principal: Principal, id: number): Promise<Account | undefined> {
  const account = await parts.accounts.read(id);
  const own = account?.directoryId === principal.directoryId && account.entryId === principal.entryId;
  return own ? account : undefined;
}

/** Order: id, record, pointer. A crash in between leaves at most a record that nothing points to. */
async function makeAccount(
  parts: IssuingParts,
  principal: Principal,
  instead: number | undefined,
): Promise<Account> {
  const { accounts } = parts;
  const { directoryId, entryId } = principal;
  const account = await createRecord(parts, principal);
  const pointed = await accounts.point(directoryId, entryId, account.id, instead);
  if (pointed === account.id) return account;
  await accounts.remove(account.id);
  const winner = await readOwn(parts, principal, pointed);
  if (!winner)
    throw new Error(`the pointer of a new account leads to ${pointed}, which is not the principal's`);
  return winner;
}

async function createRecord(parts: IssuingParts, principal: Principal): Promise<Account> {
  const { accounts, canonical, now } = parts;
  for (;;) {
    const account: Account = {
      id: await accounts.nextId(),
      directoryId: principal.directoryId,
      entryId: principal.entryId,
      createdAt: now(),
      owner: ownerOf(principal, undefined, canonical),
      key: newKey(parts),
    };
    if (await accounts.create(account)) return account;
  }
}

async function bringUpToDate(parts: IssuingParts, principal: Principal, account: Account): Promise<Account> {
  const owner = ownerOf(principal, account.owner, parts.canonical);
  if (!sameOwner(owner, account.owner)) await parts.accounts.updateOwner(account.id, owner);
  const key = parts.ring.byId(account.key.secretId) ? account.key : await renewKey(parts, account);
  return { ...account, owner, key };
}

/** The key's secret has left the ring, so the key is dead: mint one that lives, or take the one just minted elsewhere. */
async function renewKey(parts: IssuingParts, account: Account): Promise<KeyMaterial> {
  const key = newKey(parts);
  if (await parts.accounts.mint(account.id, account.key.nonce, key)) return key;
  const other = await parts.accounts.read(account.id);
  if (!other) throw new Error(`account ${account.id} vanished while its key was minted`);
  return other.key;
}
