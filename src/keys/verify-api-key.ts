import type { KeyRefusal } from '../errors.ts';
import type { Account, AccountStore, KeyMaterial } from '../ports/account-store.ts';
import { hasKeyShape, isDerivedFrom, type RecognisedKey, recogniseApiKey } from './api-key.ts';
import type { CanonicalName } from './canonical-name.ts';
import type { Freshen } from './freshen.ts';
import { isExpired, type KeyLifetime } from './key-age.ts';
import { isOwnersName } from './owner.ts';
import type { SecretRing } from './secret-ring.ts';
import { isSuspended } from './suspended.ts';

/** Whose good key it is, or why it is refused. */
export type KeyVerdict = { readonly account: Account } | { readonly refusal: KeyRefusal };

/**
 * Decides whether an API key is good now, and whose it is. One round trip to the store at most; none for a forged key.
 * The directory is waited for only where it has not been asked for too long.
 * `name`: the name that the client sent beside the key, which must then be one of the owner's; `undefined`:
 * the key came alone. Throws `Unavailable` when the store does not answer, or the directory has not for too long.
 */
export type VerifyApiKey = (key: string, name: string | undefined) => Promise<KeyVerdict>;

/** What verifying rests on. */
export interface VerifyingParts extends KeyLifetime {
  readonly ring: SecretRing;
  readonly accounts: Pick<AccountStore, 'read'>;
  readonly canonical: CanonicalName;
  readonly freshen: Freshen;
}

/** Verify keys of `parts.ring` against the records in `parts.accounts`. */
export function createVerifyApiKey(parts: VerifyingParts): VerifyApiKey {
  const { ring, accounts, canonical } = parts;
  return async (key, name) => {
    if (!hasKeyShape(key)) return { refusal: 'malformed-key' };
    const recognised = recogniseApiKey(ring, key);
    if (!recognised) return { refusal: 'unknown-key' };
    const kept = await accounts.read(recognised.accountId);
    if (!kept || !isKeyOf(kept, recognised)) return { refusal: 'unknown-key' };
    if (isExpired(kept.key, parts)) return { refusal: 'expired-key' };
    if (kept.suspendedByOperatorAt !== undefined) return { refusal: 'account-suspended' };
    const fresh = parts.freshen(kept);
    const account = fresh instanceof Promise ? await fresh : fresh;
    // What the directory was waited for may have taken long: another may have changed the key meanwhile.
    if (!account || (account !== kept && !isKeyOf(account, recognised))) return { refusal: 'unknown-key' };
    if (isSuspended(account)) return { refusal: 'account-suspended' };
    if (name !== undefined && !isOwnersName(account.owner, name, canonical))
      return { refusal: 'wrong-owner' };
    return { account };
  };
}

/** An account that has a key. */
type KeyedAccount = Account & { readonly key: KeyMaterial };

function isKeyOf(account: Account, recognised: RecognisedKey): account is KeyedAccount {
  const { key } = account;
  return key !== undefined && recognised.secret.id === key.secretId && isDerivedFrom(recognised, key.nonce);
}
