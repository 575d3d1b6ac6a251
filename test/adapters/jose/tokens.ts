import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { createVerifyToken, type VerifyTokenOptions } from '../../../src/adapters/jose/verify-token.ts';
import type { VerifyToken } from '../../../src/ports/token-verifier.ts';

/** When the tests' clock stands still, and in seconds as tokens count. */
export const NOW = Date.parse('2026-03-04T05:06:07.890Z');
export const NOW_SECONDS = Math.floor(NOW / 1000);

/** Claims of a good token: hamlet's, for five minutes. */
export const CLAIMS: JWTPayload = { email: 'hamlet@example.org', exp: NOW_SECONDS + 300 };

/** A shared secret of more than the 64 bytes that HS512 demands. */
export const SECRET = 'a shared secret of more than sixty-four bytes, so that it serves HS512 too';

/** Verify by these keys at `NOW`; tokens live ten minutes. */
export function verifier(
  keys: VerifyTokenOptions['keys'],
  different: Partial<VerifyTokenOptions> = {},
): VerifyToken {
  return createVerifyToken({ keys, maxLifetimeMs: 600_000, now: () => NOW, ...different });
}

/** A pair of keys that signs by `algorithm`, the public one also as PEM. */
export interface SigningKeys {
  readonly algorithm: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly pem: string;
}

/** Make new keys for an RS, PS, ES or EdDSA algorithm. */
export function makeKeys(algorithm: string): SigningKeys {
  const { privateKey, publicKey } = generate(algorithm);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { algorithm, privateKey, publicKey, pem };
}

function generate(algorithm: string): { privateKey: KeyObject; publicKey: KeyObject } {
  const curves: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };
  const namedCurve = curves[algorithm];
  if (namedCurve) return generateKeyPairSync('ec', { namedCurve });
  if (algorithm.startsWith('Ed')) return generateKeyPairSync('ed25519');
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** Sign claims. @param kid the key's id, for a token of a JWKS */
export function sign(
  { algorithm, privateKey }: Pick<SigningKeys, 'algorithm' | 'privateKey'>,
  claims: JWTPayload = CLAIMS,
  kid?: string,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: algorithm, ...(kid && { kid }) }).sign(privateKey);
}

/** Sign claims with a shared secret. */
export function signWithSecret(
  secret: string,
  claims: JWTPayload = CLAIMS,
  algorithm = 'HS256',
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(Buffer.from(secret));
}

/** A token put together by hand: its parts as they are given, a text as it is and all else as JSON. */
export function assemble(header: object, claims: unknown, signature = ''): string {
  const part = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** The same, signed by HS256, whatever its header says. */
export function assembleSigned(secret: string, header: object, claims: unknown): string {
  const unsigned = assemble(header, claims).slice(0, -1);
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}
