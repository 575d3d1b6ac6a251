import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { Unavailable } from '../../errors.ts';

/** How a JWKS is fetched and kept; in milliseconds. */
export interface PublishedKeysOptions {
  /** The longest that one fetch may take. */
  readonly timeoutMs: number;
  /** How long after a fetch an unknown key id causes no other: a flood of made-up ids is no flood for the issuer. */
  readonly cooldownMs: number;
  /** How long a key that the issuer has withdrawn may still be taken. */
  readonly maxAgeMs: number;
}

const DEFAULTS: PublishedKeysOptions = { timeoutMs: 3_000, cooldownMs: 30_000, maxAgeMs: 600_000 };

/**
 * The keys that an issuer publishes as a JWKS (RFC 7517), fetched when first needed, and again when a token
 * names one that is not there. What comes of it throws `Unavailable` where they cannot be fetched or read.
 */
export function createPublishedKeys(url: string, options: PublishedKeysOptions = DEFAULTS): JWTVerifyGetKey {
  const find = createRemoteJWKSet(new URL(url), {
    timeoutDuration: options.timeoutMs,
    cooldownDuration: options.cooldownMs,
    cacheMaxAge: options.maxAgeMs,
  });
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (cause) {
      if (isOfToken(cause)) throw cause;
      throw new Unavailable('token-keys', 'the keys of tokens could not be fetched', cause);
    }
  };
}

/** Whether it is the token that names no key, or more than one. */
function isOfToken(failure: unknown): boolean {
  return failure instanceof errors.JWKSNoMatchingKey || failure instanceof errors.JWKSMultipleMatchingKeys;
}
