import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';

/** What a key must be for an algorithm (RFC 7518, 3.1; RFC 8037, 3.1). */
type Demand =
  | { readonly secretBytes: number }
  | { readonly type: 'rsa' }
  | { readonly type: 'ec'; readonly curve: string }
  | { readonly type: 'ed25519' };

/** The closed list: no `none`, and nothing that a library may learn later. */
const DEMANDS: Readonly<Record<string, Demand>> = {
  HS256: { secretBytes: 32 },
  HS384: { secretBytes: 48 },
  HS512: { secretBytes: 64 },
  RS256: { type: 'rsa' },
  RS384: { type: 'rsa' },
  RS512: { type: 'rsa' },
  PS256: { type: 'rsa' },
  PS384: { type: 'rsa' },
  PS512: { type: 'rsa' },
  ES256: { type: 'ec', curve: 'prime256v1' },
  ES384: { type: 'ec', curve: 'secp384r1' },
  ES512: { type: 'ec', curve: 'secp521r1' },
  EdDSA: { type: 'ed25519' },
  Ed25519: { type: 'ed25519' },
};

/** RFC 7518, 3.3. */
const RSA_BITS = 2048;

/** Whether keys for the algorithm are published: with one of the others, whoever knows the key can sign. */
export function isAsymmetric(algorithm: string): boolean {
  return 'type' in demandOf(algorithm);
}

/**
 * The key that verifies tokens of these algorithms.
 * @param text a shared secret for HS*; for all others the PEM of a public key or a certificate
 * @throws {Error} where the key is not one that every algorithm may be used with; repeats nothing of it
 */
export function readTokenKey(text: string, algorithms: readonly string[]): KeyObject {
  if (!algorithms.some(isAsymmetric)) return readSecret(text, algorithms);
  if (!algorithms.every(isAsymmetric)) {
    throw new Error('shared-secret and public-key algorithms for one key; give each kind a key of its own');
  }
  const key = readPublicKey(text);
  const misfit = algorithms.find((algorithm) => !fits(key, demandOf(algorithm)));
  if (misfit === undefined) return key;
  throw new Error(
    `not a key for ${misfit}; name the algorithms that go with it (RSA has ${RSA_BITS} bits or more)`,
  );
}

function readSecret(text: string, algorithms: readonly string[]): KeyObject {
  if (text.includes('-----BEGIN ')) {
    throw new Error(
      'a PEM as a shared secret: whoever knows it could sign; write the secret, or RS256 and its like',
    );
  }
  const bytes = Buffer.from(text);
  for (const algorithm of algorithms) {
    const demand = demandOf(algorithm);
    if ('secretBytes' in demand && bytes.length < demand.secretBytes) {
      throw new Error(
        `shorter than the ${demand.secretBytes} bytes of ${algorithm}; make one by openssl rand -hex 32`,
      );
    }
  }
  return createSecretKey(bytes);
}

function readPublicKey(text: string): KeyObject {
  if (text.includes('PRIVATE KEY-----')) {
    throw new Error('a private key, which belongs to whoever signs; write the public key or its certificate');
  }
  try {
    return createPublicKey(text);
  } catch {
    throw new Error('no public key; write the PEM of a public key or a certificate');
  }
}

function fits({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject, demand: Demand): boolean {
  if (!('type' in demand) || asymmetricKeyType !== demand.type) return false;
  if (demand.type === 'rsa') return (asymmetricKeyDetails.modulusLength ?? 0) >= RSA_BITS;
  return demand.type === 'ed25519' || asymmetricKeyDetails.namedCurve === demand.curve;
}

function demandOf(algorithm: string): Demand {
  const demand = Object.hasOwn(DEMANDS, algorithm) ? DEMANDS[algorithm] : undefined;
  if (!demand) throw new Error(`not an algorithm; write one of ${Object.keys(DEMANDS).join(', ')}`);
  return demand;
}
