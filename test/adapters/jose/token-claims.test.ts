import { describe, expect, test } from '@jest/globals';
import { assembleSigned, CLAIMS, NOW, NOW_SECONDS, SECRET, signWithSecret, verifier } from './tokens.ts';

const BAD = { refusal: 'bad-token' };
const HAMLET = { email: 'hamlet@example.org' };

const verifyShared = verifier([{ key: SECRET, algorithms: ['HS256'] }]);

describe('the times of a token', () => {
  test.each([
    ['has expired', { exp: NOW_SECONDS - 1 }],
    ['expires this very second', { exp: NOW_SECONDS }],
    ['never expires', { exp: undefined }],
    ['expires at no number', { exp: `${NOW_SECONDS + 60}` }],
    ['expires at null', { exp: null }],
    ['expires too far ahead', { exp: NOW_SECONDS + 601 }],
    ['expires too far ahead, though it was issued lately', { exp: NOW_SECONDS + 900, iat: NOW_SECONDS }],
    [
      'expires too far ahead, though it was issued for later',
      { exp: NOW_SECONDS + 900, iat: NOW_SECONDS + 800 },
    ],
    ['holds from later on', { nbf: NOW_SECONDS + 1 }],
    ['holds from no number', { nbf: 'now' }],
  ])('refuse one that %s', async (_case, claims) => {
    const payload = { ...CLAIMS, ...claims };
    expect(await verifyShared(assembleSigned(SECRET, { alg: 'HS256' }, payload))).toEqual(BAD);
  });

  test('refuse one that expires at a number beyond all', async () => {
    const claims = '{"email":"hamlet@example.org","exp":1e999}';
    expect(await verifyShared(assembleSigned(SECRET, { alg: 'HS256' }, claims))).toEqual(BAD);
  });

  test.each([
    ['expires in the next second', { exp: NOW_SECONDS + 1 }],
    ['expires as late as it may', { exp: NOW_SECONDS + 600 }],
    ['holds from this second on', { nbf: NOW_SECONDS }],
    ['was issued long ago', { iat: NOW_SECONDS - 86_400 }],
  ])('allow one that %s', async (_case, claims) => {
    expect(await verifyShared(await signWithSecret(SECRET, { ...CLAIMS, ...claims }))).toEqual(HAMLET);
  });

  test('go by the clock that is given, and the lifetime of the settings', async () => {
    let now = NOW;
    const verify = verifier([{ key: SECRET, algorithms: ['HS256'] }], {
      now: () => now,
      maxLifetimeMs: 1_800_000,
    });
    const token = await signWithSecret(SECRET, { ...CLAIMS, exp: NOW_SECONDS + 1800 });
    expect(await verify(token)).toEqual(HAMLET);
    now = NOW + 1_800_000;
    expect(await verify(token)).toEqual(BAD);
  });
});

describe('issuer and audience', () => {
  const keys = [{ key: SECRET, algorithms: ['HS256'] }];
  const verify = verifier(keys, { issuer: 'https://id.example.org', audience: 'latchkey' });
  const good = { iss: 'https://id.example.org', aud: 'latchkey' };

  test.each([
    ['one audience', good],
    ['several audiences', { ...good, aud: ['other', 'latchkey'] }],
  ])('are good where they are those of the settings: %s', async (_case, claims) => {
    expect(await verify(await signWithSecret(SECRET, { ...CLAIMS, ...claims }))).toEqual(HAMLET);
  });

  test.each([
    ['no issuer', { aud: 'latchkey' }],
    ['another issuer', { ...good, iss: 'https://id.example.com' }],
    ['an issuer in another case', { ...good, iss: 'https://ID.example.org' }],
    ['no audience', { iss: good.iss }],
    ['another audience', { ...good, aud: 'latchkeys' }],
    ['other audiences', { ...good, aud: ['a', 'b'] }],
  ])('are bad where there is %s', async (_case, claims) => {
    expect(await verify(await signWithSecret(SECRET, { ...CLAIMS, ...claims }))).toEqual(BAD);
  });

  test('are not looked at where the settings name none', async () => {
    const claims = { ...CLAIMS, iss: 'anybody', aud: 'anything' };
    expect(await verifyShared(await signWithSecret(SECRET, claims))).toEqual(HAMLET);
  });
});

describe('the email of a token', () => {
  test.each([
    ['missing', undefined],
    ['null', null],
    ['a number', 7],
    ['a list', ['hamlet@example.org']],
    ['an object', { email: 'hamlet@example.org' }],
    ['true', true],
  ])('is none where it is %s', async (_case, email) => {
    const claims = { email, exp: CLAIMS.exp ?? 0 };
    expect(await verifyShared(await signWithSecret(SECRET, claims))).toEqual({ refusal: 'no-email-claim' });
  });

  test.each([false, 'false', 'False', null, 0, 1, '', 'yes', [true], {}])(
    'is refused where email_verified is %j',
    async (verified) => {
      const claims = { ...CLAIMS, email_verified: verified };
      expect(await verifyShared(await signWithSecret(SECRET, claims))).toEqual({
        refusal: 'unverified-email',
      });
    },
  );

  test.each([true, 'true', undefined])('is taken where email_verified is %j', async (verified) => {
    const claims = { ...CLAIMS, email_verified: verified };
    expect(await verifyShared(await signWithSecret(SECRET, claims))).toEqual(HAMLET);
  });

  test('is told as it is, also where it is empty', async () => {
    for (const email of ['', ' Hamlet@Example.ORG ', 'hamlet']) {
      expect(await verifyShared(await signWithSecret(SECRET, { ...CLAIMS, email }))).toEqual({ email });
    }
  });

  test('is not read before everything else is good', async () => {
    expect(await verifyShared(await signWithSecret(SECRET, { exp: NOW_SECONDS - 1 }))).toEqual(BAD);
  });
});
