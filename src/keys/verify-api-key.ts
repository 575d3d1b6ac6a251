import type { KeyRefusal } from '../errors.ts';
import type { Account, AccountStore } from '../ports/account-store.ts';
import { hasKeyShape, isDerivedFrom, type RecognisedKey, recogniseApiKey } from './api-key.ts';
import type { CanonicalName } from './canonical-name.ts';
import { isExpired, type KeyLifetime } from './key-age.ts';
import { isOwnersName } from './owner.ts';
import type { SecretRing } from './secret-ring.ts';

/** Whose good key it is, or why it is refused. */
export type KeyVerdict = { readonly account: Account } | { readonly refusal: KeyRefusal };

/**
 * Decides whether an API key is good now, and whose it is. One round trip to the store; none for a forged key.
 * `name`: the name that the client sent beside the key, which must then be one of the owner's; `undefined`:
 * the key came alone. Throws `Unavailable` when the store does not answer.
 */
export type VerifyApiKey = (key: string, name: string | undefined) => Promise<KeyVerdict>;

/** What verifying rests on. */
export interface VerifyingParts extends KeyLifetime {
  readonly ring: SecretRing;
  readonly accounts: Pick<AccountStore, 'read'>;
  readonly canonical: CanonicalName;
}

/** Verify keys of `parts.ring` against the records in `parts.accounts`. */
export function createVerifyApiKey(parts: VerifyingParts): VerifyApiKey {
  const { ring, accounts, canonical } = parts;
  return async (key, name) => {
    if (!hasKeyShape(key)) return { refusal: 'malformed-key' };
    const recognised = recogniseApiKey(ring, key);
    if (!recognised) return { refusal: 'unknown-key' };
    const account = await accounts.read(recognised.accountId);
    if (!account || !isKeyOf(account, recognised)) return { refusal: 'unknown-key' };
    if (isExpired(account.key, parts)) return { refusal: 'expired-key' };
    if (name !== undefined && !isOwnersName(account.owner, name, canonical))
      return { refusal: 'wrong-owner' };
    return { account };
  };
}

function isKeyOf({ key: { secretId, nonce } }: Account, recognised: RecognisedKey): boolean {
  return recognised.secret.id === secretId && isDerivedFrom(recognised, nonce);
}
