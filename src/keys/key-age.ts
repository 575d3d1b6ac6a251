import type { KeyMaterial } from '../ports/account-store.ts';

/** How long a key is good for. */
export interface KeyLifetime {
  /** Milliseconds from its minting; `undefined`: until another is minted. */
  readonly maxAgeMs: number | undefined;
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Whether a key is older than keys may be. One minted ahead of our clock, by another's, is not. */
export function isExpired({ mintedAt }: KeyMaterial, { maxAgeMs, now }: KeyLifetime): boolean {
  return maxAgeMs !== undefined && now() - mintedAt > maxAgeMs;
}
