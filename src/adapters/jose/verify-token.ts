import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { Unavailable } from '../../errors.ts';
import type { VerifiedToken, VerifyToken } from '../../ports/token-verifier.ts';
import { createPublishedKeys, type PublishedKeysOptions } from './published-keys.ts';
import { isAsymmetric, readTokenKey } from './token-key.ts';

/** A key of the settings: one text or the URL of a JWKS, and what it may be used with. */
export interface TokenKeyOptions {
  /** A shared secret for HS*; for all others the PEM of a public key or a certificate. */
  readonly key?: string | undefined;
  readonly jwksUrl?: string | undefined;
  readonly algorithms: readonly string[];
}

/** Which tokens are good. */
export interface VerifyTokenOptions {
  readonly keys: readonly TokenKeyOptions[];
  /** Demanded of a token, where set. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** How far ahead a token may expire, in milliseconds: what leaks is worth little for long. */
  readonly maxLifetimeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly publishedKeys?: PublishedKeysOptions;
}

interface Source {
  readonly algorithms: readonly string[];
  readonly getKey: JWTVerifyGetKey;
}

/**
 * Verify tokens by `jose`: good is what one of the keys verifies. A token names its algorithm, but only those
 * of the key's own list count, so that a public key can never be taken for a shared secret.
 * @throws {Error} where a key cannot be used with its algorithms; says which setting
 */
export function createVerifyToken(options: VerifyTokenOptions): VerifyToken {
  const sources = options.keys.map((key, at) => createSource(key, `jwt.keys[${at}]`, options.publishedKeys));
  return async (token) => {
    let away: Unavailable | undefined;
    for (const source of sources) {
      try {
        const claims = await verifyBy(source, token, options);
        if (claims) return emailOf(claims);
      } catch (failure) {
        if (!(failure instanceof Unavailable)) throw failure;
        away ??= failure;
      }
    }
    // A key that could not be fetched might have been the token's.
    if (away) throw away;
    return { refusal: 'bad-token' };
  };
}

function createSource(
  { key, jwksUrl, algorithms }: TokenKeyOptions,
  setting: string,
  published: PublishedKeysOptions | undefined,
): Source {
  try {
    if (jwksUrl === undefined) {
      const read = readTokenKey(key ?? '', algorithms);
      return { algorithms, getKey: () => read };
    }
    if (algorithms.every(isAsymmetric))
      return { algorithms, getKey: createPublishedKeys(jwksUrl, published) };
    throw new Error('HS* with published keys: whoever reads them could sign; name RS256 and its like');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${setting}: ${reason}`, { cause });
  }
}

/** The claims of a token that this source's key verifies and that is good now; `undefined` where it does not or is not. */
async function verifyBy(
  { algorithms, getKey }: Source,
  token: string,
  { issuer, audience, maxLifetimeMs, now }: VerifyTokenOptions,
): Promise<JWTPayload | undefined> {
  const at = now();
  const checks: JWTVerifyOptions = {
    algorithms: [...algorithms],
    currentDate: new Date(at),
    clockTolerance: 0,
    requiredClaims: ['exp'],
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  try {
    const { payload } = await jwtVerify(token, getKey, checks);
    return (payload.exp ?? Number.POSITIVE_INFINITY) * 1000 - at <= maxLifetimeMs ? payload : undefined;
  } catch (failure) {
    if (failure instanceof errors.JOSEError) return undefined;
    throw failure;
  }
}

/**
 * An empty email is one: that it is nobody's, the directory's side will say (contract 4.3). An issuer that says nothing of
 * whether it is verified is taken at its word, and one that says it as text, too.
 */
function emailOf({ email, email_verified: isVerified = true }: JWTPayload): VerifiedToken {
  if (typeof email !== 'string') return { refusal: 'no-email-claim' };
  return isVerified === true || isVerified === 'true' ? { email } : { refusal: 'unverified-email' };
}
