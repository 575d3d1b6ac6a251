import type { KeyMaterial } from '../ports/account-store.ts';
import { NONCE_BYTES } from './api-key.ts';
import type { SecretRing } from './secret-ring.ts';

/** What minting rests on; `now` in milliseconds since 1970, `randomBytes` from the CSPRNG. */
export interface MintingParts {
  readonly ring: SecretRing;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
}

/** What mints a key that nobody has had yet, under the current secret of the ring. */
export function newKey({ ring, now, randomBytes }: MintingParts): KeyMaterial {
  return { nonce: randomBytes(NONCE_BYTES).toString('hex'), secretId: ring.current.id, mintedAt: now() };
}
