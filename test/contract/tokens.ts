import { SignJWT } from 'jose';
import { JWT_SECRET } from './world.ts';

/** Seconds since 1970, whole. */
export const seconds = () => Math.floor(Date.now() / 1000);

/** A token that an issuer signs now, good for a minute unless a claim says otherwise; a claim that is `undefined` is left out. */
export function signToken(
  claims: Readonly<Record<string, unknown>>,
  secret = JWT_SECRET,
  alg = 'HS256',
): Promise<string> {
  const all = { exp: seconds() + 60, ...claims };
  return new SignJWT(all).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}
