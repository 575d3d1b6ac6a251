import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { testCertificates } from '../../support/certificates.ts';
import {
  assemble,
  assembleSigned,
  CLAIMS,
  makeKeys,
  SECRET,
  sign,
  signWithSecret,
  verifier,
} from './tokens.ts';

const BAD = { refusal: 'bad-token' };
const HAMLET = { email: 'hamlet@example.org' };

const verifyShared = verifier([{ key: SECRET, algorithms: ['HS256'] }]);
const rsa = makeKeys('RS256');
const verifyRsa = verifier([{ key: rsa.pem, algorithms: ['RS256'] }]);

describe('a token that is signed by a key of the settings', () => {
  const algorithms = [
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
  ];

  test.each([...algorithms, 'Ed25519'])('vouches for its email: %s', async (algorithm) => {
    const keys = makeKeys(algorithm);
    const verify = verifier([{ key: keys.pem, algorithms: [algorithm] }]);
    expect(await verify(await sign(keys))).toEqual(HAMLET);
    expect(await verify(await sign(makeKeys(algorithm)))).toEqual(BAD);
  });

  test.each(['HS256', 'HS384', 'HS512'])('vouches for its email: %s', async (algorithm) => {
    const verify = verifier([{ key: SECRET, algorithms: [algorithm] }]);
    expect(await verify(await signWithSecret(SECRET, CLAIMS, algorithm))).toEqual(HAMLET);
    expect(await verify(await signWithSecret(`${SECRET}!`, CLAIMS, algorithm))).toEqual(BAD);
  });

  test('may be signed by the key of a certificate', async () => {
    const { good } = await testCertificates();
    const verify = verifier([{ key: good.cert, algorithms: ['ES256'] }]);
    const token = await sign({ algorithm: 'ES256', privateKey: createPrivateKey(good.key) });
    expect(await verify(token)).toEqual(HAMLET);
  });

  test('may be signed by any of the keys', async () => {
    const curve = makeKeys('ES256');
    const verify = verifier([
      { key: SECRET, algorithms: ['HS256'] },
      { key: rsa.pem, algorithms: ['RS256', 'PS256'] },
      { key: curve.pem, algorithms: ['ES256'] },
    ]);
    for (const token of [signWithSecret(SECRET), sign(rsa), sign(curve)]) {
      expect(await verify(await token)).toEqual(HAMLET);
    }
    expect(await verify(await sign(makeKeys('ES256')))).toEqual(BAD);
  });

  test('of several keys for one algorithm may be signed by either, as while they are changed', async () => {
    const next = makeKeys('RS256');
    const verify = verifier([rsa, next].map(({ pem }) => ({ key: pem, algorithms: ['RS256'] })));
    expect(await verify(await sign(rsa))).toEqual(HAMLET);
    expect(await verify(await sign(next))).toEqual(HAMLET);
  });
});

describe('a token that names another algorithm than its key is for', () => {
  test('is refused where it is signed with the public key as a shared secret', async () => {
    const both = verifier([
      { key: rsa.pem, algorithms: ['RS256'] },
      { key: SECRET, algorithms: ['HS256'] },
    ]);
    for (const pem of [rsa.pem, rsa.pem.trimEnd()]) {
      const forged = assembleSigned(pem, { alg: 'HS256', typ: 'JWT' }, CLAIMS);
      expect(await verifyRsa(forged)).toEqual(BAD);
      expect(await both(forged)).toEqual(BAD);
    }
  });

  test.each(['none', 'None', 'NONE', '', 'HS256', 'RS384', 'PS256', 'ES256', '__proto__', 'toString'])(
    'is refused: %j',
    async (alg) => {
      const [, , signature = ''] = (await sign(rsa)).split('.');
      expect(await verifyRsa(assemble({ alg }, CLAIMS))).toEqual(BAD);
      expect(await verifyRsa(assemble({ alg }, CLAIMS, signature))).toEqual(BAD);
    },
  );

  test('is refused though the key would do for it', async () => {
    const verify = verifier([{ key: SECRET, algorithms: ['HS512'] }]);
    expect(await verify(await signWithSecret(SECRET, CLAIMS, 'HS256'))).toEqual(BAD);
    expect(await verifyRsa(await sign({ ...rsa, algorithm: 'PS256' }))).toEqual(BAD);
  });

  test('is refused where it brings its key along', async () => {
    const own = makeKeys('RS256');
    const jwk = own.publicKey.export({ format: 'jwk' });
    const [, claims, signature] = (await sign(own)).split('.');
    const [header] = assemble({ alg: 'RS256', jwk, jku: 'http://127.0.0.1:9/', x5u: 'x' }, {}).split('.');
    expect(await verifyRsa(`${header}.${claims}.${signature}`)).toEqual(BAD);
  });
});

describe('what is no token', () => {
  test.each([['', 'x', '..', '...', 'a.b', 'a.b.c.d.e', 'null', '{"alg":"HS256"}']])(
    'is refused: %j',
    async (...texts) => {
      for (const text of texts) expect(await verifyShared(text)).toEqual(BAD);
    },
  );

  test.each([[[]], ['text'], [7], [null], [true]])('is refused where its claims are %j', async (claims) => {
    expect(await verifyShared(assembleSigned(SECRET, { alg: 'HS256' }, claims))).toEqual(BAD);
  });

  test('is refused with what must be understood and is not', async () => {
    for (const header of [{ crit: ['exp'] }, { crit: [] }, { crit: ['b64'], b64: false }]) {
      const token = assembleSigned(SECRET, { alg: 'HS256', ...header }, CLAIMS);
      expect(await verifyShared(token)).toEqual(BAD);
    }
  });

  test('is any text, and any good token with one character changed', async () => {
    const token = await sign(rsa);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await verifyRsa(text)).toEqual(BAD);
      }),
    );
    // The last character of each part may hold bits that do not count.
    const places = fc.integer({ min: 0, max: token.length - 2 }).filter((at) => token[at + 1] !== '.');
    await fc.assert(
      fc.asyncProperty(places, fc.constantFrom(...'AZaz09-_.='), async (at, other) => {
        fc.pre(token[at] !== other);
        expect(await verifyRsa(token.slice(0, at) + other + token.slice(at + 1))).toEqual(BAD);
      }),
    );
  });
});
