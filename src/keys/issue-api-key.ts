import type { Account, AccountStore, Owner } from '../ports/account-store.ts';
import type { Directory } from '../ports/directory.ts';
import type { Principal } from '../ports/principal.ts';
import type { CanonicalName } from './canonical-name.ts';
import { currentApiKey } from './current-api-key.ts';
import { accountOf, type KeptAccount } from './kept-account.ts';
import { isExpired, type KeyLifetime } from './key-age.ts';
import { type MintingParts, newKey } from './new-key.ts';
import { ownerOf, sameOwner } from './owner.ts';
import type { Revalidate } from './revalidate.ts';
import { judgeEmail, type SharedEmailParts } from './shared-email.ts';
import { isUsernameShared, type SharedUsernameParts } from './shared-username.ts';
import { isSuspended } from './suspended.ts';

/** An API key and the account that it stands for. */
export interface IssuedKey {
  readonly apiKey: string;
  readonly account: Account;
}

/** The key, or that the principal's email is another entry's too and so names nobody, or that the login name is, or that the account is suspended. */
export type IssueOutcome =
  | { readonly issued: IssuedKey }
  | { readonly refusal: 'shared-email' | 'ambiguous' | 'account-suspended' };

/**
 * Gives a principal who has an email the key of their account: the same one each time until it is too old,
 * from an account made at the first. `kept` is what the store keeps for the principal's entry.
 * A directory's suspension is asked about again first: whoever is let in by a password may have been let back in.
 * Throws `Unavailable` when the store does not answer, or a directory that is asked; and `Unacknowledged`, so that no key
 * is ever handed out that a failover of the store would lose.
 */
export type IssueApiKey = (principal: Principal, kept: KeptAccount) => Promise<IssueOutcome>;

/** What stands for a directory's server where a sign-in was the check: none that could lift a suspension at once. */
const SIGN_IN = 'sign-in';

/** What issuing rests on. */
export interface IssuingParts extends MintingParts, KeyLifetime, SharedEmailParts, SharedUsernameParts {
  /** Every directory of the service as one. */
  readonly directory: Pick<Directory, 'countByEmail' | 'countByUsername'>;
  readonly accounts: AccountStore;
  readonly canonical: CanonicalName;
  readonly revalidate: Revalidate;
  /** A sign-in counts as an answered check, and is kept as one where the last is older than this; in milliseconds. */
  readonly revalidateAfterMs: number;
  /** How long after a suspension any server of the directory may lift it, in milliseconds. */
  readonly restoreAfterMs: number;
}

/** Issue keys of `parts.ring` for the records in `parts.accounts`. */
export function createIssueApiKey(parts: IssuingParts): IssueApiKey {
  return async (principal, { id, account: kept }) => {
    const own = kept && (await letBackIn(parts, kept));
    if (own && isSuspended(own)) return { refusal: 'account-suspended' };
    if (await isUsernameShared(parts, principal, own?.owner)) return { refusal: 'ambiguous' };
    const judged = await judgeEmail(parts, ownerOf(principal, own?.owner, parts.canonical), own?.owner);
    if ('refusal' in judged) return judged;
    const { owner } = judged;
    const account = own
      ? await bringUpToDate(parts, owner, own)
      : await makeAccount(parts, principal, owner, id);
    const apiKey = currentApiKey(parts.ring, account);
    if (!apiKey) throw new Error(`the key of account ${account.id} is of a secret outside the ring`);
    return { issued: { apiKey, account } };
  };
}

/** The account as it is once the directory has been asked about its suspension, where it has suspended it. */
async function letBackIn({ revalidate }: IssuingParts, account: Account): Promise<Account> {
  const isTheDirectorys = account.suspension && account.suspendedByOperatorAt === undefined;
  return (isTheDirectorys && (await revalidate(account))) || account;
}

/** Order: id, record, pointer, acknowledged. A crash in between leaves at most a record that nothing points to. */
async function makeAccount(
  parts: IssuingParts,
  principal: Principal,
  owner: Owner,
  instead: number | undefined,
): Promise<Account> {
  const { accounts } = parts;
  const { directoryId, entryId } = principal;
  const account = await createRecord(parts, principal, owner);
  const pointed = await accounts.point(directoryId, entryId, account.id, instead);
  if (pointed === account.id) return acknowledged(parts, { ...account, isUnacknowledged: true });
  await accounts.remove(account.id);
  const winner = accountOf(principal, await accounts.read(pointed));
  if (!winner)
    throw new Error(`the pointer of a new account leads to ${pointed}, which is not the principal's`);
  return acknowledged(parts, winner);
}

/** The account, once no failover of the store loses it. */
async function acknowledged({ accounts }: IssuingParts, account: Account): Promise<Account> {
  await accounts.acknowledge(account);
  const { isUnacknowledged: _, ...safe } = account;
  return safe;
}

async function createRecord(parts: IssuingParts, principal: Principal, owner: Owner): Promise<Account> {
  const { accounts, now } = parts;
  for (;;) {
    const account: Account = {
      id: await accounts.nextId(),
      directoryId: principal.directoryId,
      entryId: principal.entryId,
      createdAt: now(),
      check: { at: now(), server: SIGN_IN },
      owner,
      key: newKey(parts),
    };
    if (await accounts.create(account)) return account;
  }
}

async function bringUpToDate(parts: IssuingParts, owner: Owner, kept: Account): Promise<Account> {
  const account = await acknowledged(parts, kept);
  const changed = sameOwner(owner, account.owner) ? undefined : owner;
  const isStale = parts.now() - account.check.at > parts.revalidateAfterMs;
  if (isStale || changed) {
    const { restoreAfterMs } = parts;
    await parts.accounts.confirm(account.id, {
      server: SIGN_IN,
      elapsedMs: 0,
      owner: changed,
      restoreAfterMs,
    });
  }
  const { key } = account;
  const isAlive = key && parts.ring.byId(key.secretId) && !isExpired(key, parts);
  return isAlive ? { ...account, owner } : { ...(await renewKey(parts, account)), owner };
}

/**
 * The key is dead, by its age or since its secret has left the ring, or there is none: mint one that lives, or take the
 * one just minted elsewhere.
 */
async function renewKey(parts: IssuingParts, account: Account): Promise<Account> {
  const key = newKey(parts);
  if (await parts.accounts.mint(account.id, account.key?.nonce, key)) return { ...account, key };
  const other = await parts.accounts.read(account.id);
  if (!other) throw new Error(`account ${account.id} vanished while its key was minted`);
  return acknowledged(parts, other);
}
