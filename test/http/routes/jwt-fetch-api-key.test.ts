import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { signWithSecret } from '../../adapters/jose/tokens.ts';
import { basic, FIRST_ID, fetchKey } from '../memory-app.ts';
import { ask, EXP, JWT_FETCH, startJwt, tokenOf } from './jwt-app.ts';

describe('contract 4.3: a key for a signed token', () => {
  it("comes in Zulip's answer, without a user_id", async () => {
    const started = startJwt();
    const { text, body, headers } = await ask(started, { token: await tokenOf('hamlet@example.org') }).expect(
      200,
    );
    expect(text).toBe(
      `{"result":"success","msg":"","api_key":"${body.api_key}","email":"hamlet@example.org"}\n`,
    );
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('no-store');
    expect(body.api_key).toBe(await fetchKey(started.app));
  });

  it.each(['Hamlet@EXAMPLE.org', 'prince@example.org'])('has the stored email for %s', async (email) => {
    const { body } = await ask(startJwt(), { token: await tokenOf(email) }).expect(200);
    expect(body.email).toBe('hamlet@example.org');
  });

  it.each(['true', ' true\n'])(
    'has the user where include_profile is %j, as users/me has it',
    async (text) => {
      const started = startJwt();
      const { body } = await ask(started, {
        token: await tokenOf('hamlet@example.org'),
        include_profile: text,
      }).expect(200);
      expect(Object.keys(body)).toEqual(['result', 'msg', 'api_key', 'email', 'user']);
      const me = await request(started.app.listener)
        .get('/api/v1/users/me')
        .set('Authorization', basic('hamlet', body.api_key));
      const { result, msg, profile_data, max_message_id, ...user } = me.body;
      expect(JSON.stringify(body.user)).toBe(JSON.stringify(user));
      expect(user.user_id).toBe(FIRST_ID);
    },
  );

  it.each(['false', undefined])('has none where it is %s', async (include_profile) => {
    const form = { token: await tokenOf('hamlet@example.org'), ...(include_profile && { include_profile }) };
    const { body } = await ask(startJwt(), form).expect(200);
    expect(body).not.toHaveProperty('user');
  });

  it('comes by the query and by a multipart form, too', async () => {
    const { listener } = startJwt();
    const token = await tokenOf('hamlet@example.org');
    await request(listener).post(`${JWT_FETCH}?token=${token}`).expect(200);
    await request(listener).post(JWT_FETCH).field('token', token).expect(200);
  });

  it('comes with the names of parameters that nobody read (contract 1.3)', async () => {
    const form = {
      token: await tokenOf('hamlet@example.org'),
      client: 'x',
      zz: '1',
      include_profile: 'false',
    };
    const { text } = await ask(startJwt(), form, '?a=1').expect(200);
    expect(text).toContain('"email":"hamlet@example.org","ignored_parameters_unsupported":["a","zz"]}');
  });
});

describe('the budget of a client address', () => {
  it('counts tokens of people whom nobody knows, and once it is spent lets no good token in', async () => {
    const started = startJwt();
    const leaver = { token: await tokenOf('polonius@example.org') };
    for (let attempt = 0; attempt < 2; attempt++) await ask(started, leaver).expect(401);
    const { body, headers } = await ask(started, { token: await tokenOf('hamlet@example.org') }).expect(429);
    expect(body).toMatchObject({ code: 'RATE_LIMIT_HIT', msg: 'API usage exceeded rate limit' });
    expect(headers['x-ratelimit-limit']).toBe('2');
  });

  it.each([
    ['are none', async () => 'x'],
    ['name no email', () => tokenOf(undefined)],
    ['are signed by somebody else', () => signWithSecret('t'.repeat(32), { email: 'a@b', exp: EXP })],
  ])('counts tokens that %s', async (_case, make) => {
    const started = startJwt();
    const token = await make();
    for (let attempt = 0; attempt < 2; attempt++) await ask(started, { token }).expect(400);
    await ask(started, { token: await tokenOf('hamlet@example.org') }).expect(429);
  });

  it('counts no request without a token, and none that did not come to an answer', async () => {
    const started = startJwt();
    for (let attempt = 0; attempt < 3; attempt++) await ask(started, {}).expect(400);
    started.app.directory.setAway(true);
    const good = { token: await tokenOf('hamlet@example.org') };
    for (let attempt = 0; attempt < 3; attempt++) await ask(started, good).expect(503);
    started.app.directory.setAway(false);
    await ask(started, good).expect(200);
  });

  it('counts no sign-in that succeeds', async () => {
    const started = startJwt();
    const token = await tokenOf('hamlet@example.org');
    for (let attempt = 0; attempt < 4; attempt++) await ask(started, { token }).expect(200);
  });
});
