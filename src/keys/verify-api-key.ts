import type { KeyRefusal } from '../errors.ts';
import type { Account, AccountStore } from '../ports/account-store.ts';
import { deriveApiKey, hasKeyShape, recogniseApiKey, sameApiKey } from './api-key.ts';
import type { CanonicalName } from './canonical-name.ts';
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

/** Verify keys of `ring` against the records in `accounts`. */
export function createVerifyApiKey(parts: {
  ring: SecretRing;
  accounts: Pick<AccountStore, 'read'>;
  canonical: CanonicalName;
}): VerifyApiKey {
  const { ring, accounts, canonical } = parts;
  return async (key, name) => {
    if (!hasKeyShape(key)) return { refusal: 'malformed-key' };
    const id = recogniseApiKey(ring, key);
    if (id === undefined) return { refusal: 'unknown-key' };
    const account = await accounts.read(id);
    if (!account || !isKeyOf(ring, account, key)) return { refusal: 'unknown-key' };
    if (name !== undefined && !isOwnersName(account.owner, name, canonical))
      return { refusal: 'wrong-owner' };
    return { account };
  };
}

function isKeyOf(ring: SecretRing, account: Account, key: string): boolean {
  const secret = ring.byId(account.key.secretId);
  return secret !== undefined && sameApiKey(deriveApiKey(secret, account.id, account.key.nonce), key);
}
