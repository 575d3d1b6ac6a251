/** Why a JSON Web Token is refused. */
export type TokenRefusal =
  /** Not a JWT, or not signed by a key of the settings, or expired, or not meant for us. */
  | 'bad-token'
  /** A good one that names no email. */
  | 'no-email-claim'
  /** A good one whose `email_verified` says that its issuer has not verified the email (OpenID Connect Core, 5.1). */
  | 'unverified-email';

/** The email that a good token vouches for, or why it is refused. */
export type VerifiedToken = { readonly email: string } | { readonly refusal: TokenRefusal };

/**
 * Verifies JSON Web Tokens (RFC 7519) against the keys of the settings. A refusal is returned; `Unavailable`
 * is thrown where the keys could not be fetched.
 */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;
