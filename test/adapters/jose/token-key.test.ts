import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createVerifyToken, type TokenKeyOptions } from '../../../src/adapters/jose/verify-token.ts';
import { makeKeys } from './tokens.ts';

const URL = 'https://id.example.org/jwks.json';
const secret = (bytes: number) => 's'.repeat(bytes);

/** What is said at the start of a service with this as its second key. */
function fault(key: TokenKeyOptions): string {
  const good = { key: secret(32), algorithms: ['HS256'] };
  try {
    createVerifyToken({ keys: [good, key], maxLifetimeMs: 1, now: Date.now });
  } catch (failure) {
    return String(failure);
  }
  return 'none';
}

describe('a key of tokens', () => {
  const rsa = makeKeys('RS256').pem;
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pemOf = (key: typeof small.publicKey) => key.export({ type: 'spki', format: 'pem' }).toString();
  const curve = makeKeys('ES256');
  const privatePem = curve.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const ed448 = pemOf(generateKeyPairSync('ed448').publicKey);

  test.each<[string, TokenKeyOptions, RegExp]>([
    ['too short for HS256', { key: secret(31), algorithms: ['HS256'] }, /32 bytes of HS256/],
    ['too short for HS384', { key: secret(47), algorithms: ['HS256', 'HS384'] }, /48 bytes of HS384/],
    ['too short for HS512', { key: secret(63), algorithms: ['HS512'] }, /64 bytes of HS512/],
    ['short in bytes though long in hope', { key: 'hunter2', algorithms: ['HS256'] }, /32 bytes/],
    ['empty', { key: '', algorithms: ['HS256'] }, /32 bytes/],
    ['a public key for HS256', { key: rsa, algorithms: ['HS256'] }, /PEM as a shared secret/],
    ['a public key for both kinds', { key: rsa, algorithms: ['RS256', 'HS256'] }, /a key of its own/],
    ['a secret for RS256', { key: secret(64), algorithms: ['RS256'] }, /no public key/],
    ['a private key', { key: privatePem, algorithms: ['ES256'] }, /a private key/],
    ['RSA for ES256', { key: rsa, algorithms: ['ES256'] }, /not a key for ES256/],
    ['another curve', { key: curve.pem, algorithms: ['ES256', 'ES384'] }, /not a key for ES384/],
    ['RSA of few bits', { key: pemOf(small.publicKey), algorithms: ['RS256'] }, /2048 bits/],
    ['Ed448', { key: ed448, algorithms: ['EdDSA'] }, /not a key for EdDSA/],
    ['for none', { key: secret(64), algorithms: ['none'] }, /not an algorithm/],
    ['for what every object has', { key: secret(64), algorithms: ['toString'] }, /not an algorithm/],
    ['published and shared', { jwksUrl: URL, algorithms: ['RS256', 'HS256'] }, /HS\* with published keys/],
    ['published for none', { jwksUrl: URL, algorithms: ['none'] }, /not an algorithm/],
  ])('is a fault of its setting where it is %s', (_case, key, what) => {
    const said = fault(key);
    expect(said).toMatch(/jwt\.keys\[1\]: /);
    expect(said).toMatch(what);
    for (const value of [key.key, key.key?.slice(-60)]) if (value) expect(said).not.toContain(value);
  });

  test.each<[string, TokenKeyOptions]>([
    ['just long enough', { key: secret(64), algorithms: ['HS256', 'HS384', 'HS512'] }],
    ['long in bytes', { key: 'é'.repeat(16), algorithms: ['HS256'] }],
    ['RSA for all that is of RSA', { key: rsa, algorithms: ['RS256', 'PS512'] }],
    ['Ed25519 by both its names', { key: makeKeys('EdDSA').pem, algorithms: ['EdDSA', 'Ed25519'] }],
    ['published, and fetched only when needed', { jwksUrl: URL, algorithms: ['RS256', 'ES256'] }],
  ])('is taken where it is %s', (_case, key) => {
    expect(fault(key)).toBe('none');
  });
});
