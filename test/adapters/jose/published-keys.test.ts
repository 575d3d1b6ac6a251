import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createVerifyToken, type TokenKeyOptions } from '../../../src/adapters/jose/verify-token.ts';
import { Unavailable } from '../../../src/errors.ts';
import { freePort } from '../../support/free-port.ts';
import { type JwksServer, startJwksServer } from './jwks-server.ts';
import { CLAIMS, makeKeys, NOW, sign, signWithSecret } from './tokens.ts';

const HAMLET = { email: 'hamlet@example.org' };
const BAD = { refusal: 'bad-token' };
const SECRET = 's'.repeat(32);
const shared: TokenKeyOptions = { key: SECRET, algorithms: ['HS256'] };
const published = { timeoutMs: 5_000, cooldownMs: 0, maxAgeMs: 600_000 };

const [first, second, stranger] = [makeKeys('RS256'), makeKeys('ES256'), makeKeys('RS256')];

describe('the keys that an issuer publishes', () => {
  let issuer: JwksServer;
  beforeEach(async () => {
    issuer = await startJwksServer();
    issuer.publish({ first });
  });
  afterEach(async () => {
    await issuer?.[Symbol.asyncDispose]();
  });

  const verifier = (different: Partial<typeof published> = {}, keys: readonly TokenKeyOptions[] = []) =>
    createVerifyToken({
      keys: [{ jwksUrl: issuer.url, algorithms: ['RS256', 'ES256'] }, ...keys],
      maxLifetimeMs: 600_000,
      now: () => NOW,
      publishedKeys: { ...published, ...different },
    });

  test('verify its tokens, and are fetched once', async () => {
    const verify = verifier();
    expect(issuer.fetches()).toBe(0);
    for (let token = 0; token < 3; token++)
      expect(await verify(await sign(first, CLAIMS, 'first'))).toEqual(HAMLET);
    expect(await verify(await sign(first))).toEqual(HAMLET);
    expect(issuer.fetches()).toBe(1);
  });

  test('are fetched once for tokens at the same moment', async () => {
    const verify = verifier();
    const token = await sign(first, CLAIMS, 'first');
    expect(await Promise.all([verify(token), verify(token), verify(token)])).toEqual([
      HAMLET,
      HAMLET,
      HAMLET,
    ]);
    expect(issuer.fetches()).toBe(1);
  });

  test('verify no token of anybody else, whatever key it names', async () => {
    const verify = verifier();
    for (const kid of ['first', 'stranger', undefined]) {
      expect(await verify(await sign(stranger, CLAIMS, kid))).toEqual(BAD);
    }
    expect(await verify(await signWithSecret(first.pem))).toEqual(BAD);
  });

  test('are fetched again for a key that is new, and the one that is gone verifies nothing more', async () => {
    const verify = verifier();
    expect(await verify(await sign(first, CLAIMS, 'first'))).toEqual(HAMLET);
    expect(await verify(await sign(second, CLAIMS, 'second'))).toEqual(BAD);
    issuer.publish({ second });
    expect(await verify(await sign(second, CLAIMS, 'second'))).toEqual(HAMLET);
    expect(await verify(await sign(first, CLAIMS, 'first'))).toEqual(BAD);
  });

  test('verify side by side while they are changed, each token by the key that it names', async () => {
    const next = makeKeys('RS256');
    issuer.publish({ first, next });
    const verify = verifier();
    expect(await verify(await sign(first, CLAIMS, 'first'))).toEqual(HAMLET);
    expect(await verify(await sign(next, CLAIMS, 'next'))).toEqual(HAMLET);
    expect(await verify(await sign(next, CLAIMS, 'first'))).toEqual(BAD);
    expect(await verify(await sign(next, CLAIMS))).toEqual(BAD);
  });

  test('are not fetched again for made-up key ids while the last fetch is young', async () => {
    const verify = verifier({ cooldownMs: 600_000 });
    for (const kid of ['a', 'b', 'c']) expect(await verify(await sign(stranger, CLAIMS, kid))).toEqual(BAD);
    expect(issuer.fetches()).toBe(1);
  });

  test('are fetched again when they are old', async () => {
    const verify = verifier({ maxAgeMs: 0 });
    const token = await sign(first, CLAIMS, 'first');
    expect(await verify(token)).toEqual(HAMLET);
    issuer.publish({ second });
    expect(await verify(token)).toEqual(BAD);
  });

  test('are not asked for where no token could be theirs', async () => {
    const verify = verifier({}, [shared]);
    expect(await verify(await signWithSecret(SECRET))).toEqual(HAMLET);
    expect(await verify('no token')).toEqual(BAD);
    expect(await verify(await sign({ ...first, algorithm: 'PS256' }))).toEqual(BAD);
    expect(issuer.fetches()).toBe(0);
  });

  test.each<[string, Parameters<JwksServer['answerBy']>[0]]>([
    ['answers 500', (_req, res) => res.writeHead(500).end()],
    ['sends elsewhere', (_req, res) => res.writeHead(302, { Location: '/other' }).end()],
    ['answers no JSON', (_req, res) => res.end('<html>')],
    ['answers no set of keys', (_req, res) => res.end('{"keys":{}}')],
    ['hangs up', (_req, res) => res.destroy()],
  ])('say nothing about a token while the issuer %s, and do once it answers', async (_case, answer) => {
    const verify = verifier();
    const token = await sign(first, CLAIMS, 'first');
    issuer.answerBy(answer);
    const failure = await verify(token).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unavailable);
    expect(failure).toMatchObject({ part: 'token-keys' });
    issuer.publish({ first });
    expect(await verify(token)).toEqual(HAMLET);
  });

  test('say nothing about a token where the issuer takes too long', async () => {
    issuer.answerBy(() => {});
    const verify = verifier({ timeoutMs: 1 });
    await expect(verify(await sign(first, CLAIMS, 'first'))).rejects.toMatchObject({ part: 'token-keys' });
  });

  test('of one issuer may be away while another key verifies', async () => {
    issuer.answerBy((_req, res) => res.writeHead(503).end());
    const verify = verifier({}, [{ key: stranger.pem, algorithms: ['RS256'] }]);
    expect(await verify(await sign(stranger))).toEqual(HAMLET);
    await expect(verify(await sign(first))).rejects.toBeInstanceOf(Unavailable);
  });
});

test('an issuer that nobody serves is no statement about a token', async () => {
  const jwksUrl = `http://127.0.0.1:${await freePort()}/jwks.json`;
  const keys = [{ jwksUrl, algorithms: ['RS256'] }];
  const verify = createVerifyToken({ keys, maxLifetimeMs: 600_000, now: () => NOW });
  const failure = await verify(await sign(first)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Unavailable);
  expect(String(failure)).not.toContain(jwksUrl);
});
