import type { Account } from '../ports/account-store.ts';
import { deriveApiKey } from './api-key.ts';
import type { SecretRing } from './secret-ring.ts';

/** The key that an account has now, derived again; `undefined` where it is revoked, or its secret has left the ring. */
export function currentApiKey(ring: SecretRing, { id, key }: Account): string | undefined {
  const secret = key && ring.byId(key.secretId);
  return secret && deriveApiKey(secret, id, key.nonce);
}
