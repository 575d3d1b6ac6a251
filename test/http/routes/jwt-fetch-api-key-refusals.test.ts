import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { Unavailable } from '../../../src/errors.ts';
import { signWithSecret } from '../../adapters/jose/tokens.ts';
import { ask, EXP, JWT_FETCH, SECRET, startJwt, tokenOf } from './jwt-app.ts';

const INCORRECT =
  '{"result":"error","msg":"Your username or password is incorrect","code":"AUTHENTICATION_FAILED"}\n';
const badRequest = (msg: string) => `{"result":"error","msg":"${msg}","code":"BAD_REQUEST"}\n`;

describe('contract 4.3: no key', () => {
  it.each([{ token: 'x' }, {}, { token: '' }])('where no key of tokens is set: 400 for %j', async (form) => {
    const { text } = await ask(startJwt('off'), form).expect(400);
    expect(text).toBe(badRequest('JWT authentication is not enabled for this organization'));
  });

  it.each([{}, { token: '' }])('without a token: 400 for %j', async (form) => {
    const { text } = await ask(startJwt(), form).expect(400);
    expect(text).toBe(badRequest('No JSON web token passed in request'));
  });

  it('in a JSON body: 400, as without a token', async () => {
    const token = await tokenOf('hamlet@example.org');
    const { text } = await request(startJwt().listener).post(JWT_FETCH).send({ token }).expect(400);
    expect(text).toBe(badRequest('No JSON web token passed in request'));
  });

  it.each([
    ['no token', async () => 'x'],
    [
      'signed by somebody else',
      () => signWithSecret('t'.repeat(32), { email: 'hamlet@example.org', exp: EXP }),
    ],
    ['without exp', () => signWithSecret(SECRET, { email: 'hamlet@example.org' })],
    ['with exp too far ahead', () => signWithSecret(SECRET, { email: 'hamlet@example.org', exp: EXP + 301 })],
    ['of another time', () => signWithSecret(SECRET, { email: 'hamlet@example.org', exp: EXP, nbf: EXP })],
  ])('for what is %s: 400, and nothing of it in the log', async (_case, make) => {
    const started = startJwt();
    const token = await make();
    const { text } = await ask(started, { token }).expect(400);
    expect(text).toBe(badRequest('Bad JSON web token'));
    const [line] = await started.app.log.requestLines();
    expect(line).toMatchObject({ path: JWT_FETCH, status: 400, outcome: 'bad-token' });
    for (const part of token.split('.').filter((one) => one.length > 9)) {
      expect(JSON.stringify(started.app.log.lines())).not.toContain(part);
    }
  });

  it.each([undefined, null, 7, ['hamlet@example.org']])('for the email %j: 400', async (email) => {
    const { text } = await ask(startJwt(), { token: await tokenOf(email) }).expect(400);
    expect(text).toBe(badRequest('No email specified in JSON web token claims'));
  });

  it.each([
    ['an empty email', '', 'malformed-username'],
    ['a leaver', 'polonius@example.org', 'unknown-user'],
    ['an email of two', 'shared@example.org', 'ambiguous'],
    ['a login name', 'hamlet', 'unknown-user'],
    ['a login name that reads as an email', 'yorick@example.org', 'unknown-user'],
  ])('for %s: the generic 401', async (_case, email, outcome) => {
    const started = startJwt();
    const { text, headers } = await ask(started, { token: await tokenOf(email) }).expect(401);
    expect(text).toBe(INCORRECT);
    expect(headers).not.toHaveProperty('www-authenticate');
    expect((await started.app.log.requestLines())[0]).toMatchObject({ status: 401, outcome });
  });

  it.each([
    ['True', 'include_profile is not valid JSON'],
    ['', 'include_profile is not valid JSON'],
    ['tru', 'include_profile is not valid JSON'],
    ['1', 'include_profile is not a boolean'],
    ['"true"', 'include_profile is not a boolean'],
    ['null', 'include_profile is not a boolean'],
    ['[true]', 'include_profile is not a boolean'],
  ])('where include_profile is %j: 400, before the token is looked at', async (include_profile, msg) => {
    const { text } = await ask(startJwt(), { token: 'x', include_profile }).expect(400);
    expect(text).toBe(badRequest(msg));
  });

  it('whose issuer has not verified it: 400', async () => {
    const started = startJwt();
    const claims = { email: 'hamlet@example.org', email_verified: false, exp: EXP };
    const { text } = await ask(started, { token: await signWithSecret(SECRET, claims) }).expect(400);
    expect(text).toBe(badRequest('No email specified in JSON web token claims'));
    const [line] = await started.app.log.requestLines();
    expect(line).toMatchObject({ status: 400, outcome: 'unverified-email' });
  });

  it('while the directory or the keys of tokens are away: 503', async () => {
    const started = startJwt();
    started.app.directory.setAway(true);
    const { body } = await ask(started, { token: await tokenOf('hamlet@example.org') }).expect(503);
    expect(body.code).toBe('SERVICE_UNAVAILABLE');
    const keyless = startJwt(async () => {
      throw new Unavailable('token-keys', 'the keys of tokens could not be fetched');
    });
    const { text, headers } = await ask(keyless, { token: 'x' }).expect(503);
    expect(text).toBe(
      '{"result":"error","msg":"Service is temporarily unavailable","code":"SERVICE_UNAVAILABLE"}\n',
    );
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
    const [line] = await keyless.app.log.requestLines();
    expect(line).toMatchObject({ status: 503, outcome: 'token-keys-unavailable' });
  });

  it.each(['get', 'put', 'options', 'delete'] as const)('for the method %s: 405', async (method) => {
    const { text, headers } = await request(startJwt().listener)[method](JWT_FETCH).expect(405);
    expect(text).toBe('{"result":"error","msg":"Method Not Allowed","allowed_methods":["POST"]}');
    expect(headers['allow']).toBe('POST');
  });
});
