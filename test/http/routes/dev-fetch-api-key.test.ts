import { describe, expect, it } from '@jest/globals';
import request, { type Test } from 'supertest';
import { createSignInByEmail } from '../../../src/auth/vouched-sign-in.ts';
import { devFetchApiKeyRoute } from '../../../src/http/routes/dev-fetch-api-key.ts';
import { createMemoryApp, FIRST_ID, fetchKey, person } from '../memory-app.ts';
import { routeApp } from './route-app.ts';

const DEV_FETCH = '/api/v1/dev_fetch_api_key';
const INVALID_EMAIL = '{"result":"error","msg":"Enter a valid email address.","code":"BAD_REQUEST"}\n';
const INCORRECT =
  '{"result":"error","msg":"Your username or password is incorrect","code":"AUTHENTICATION_FAILED"}\n';

function start() {
  const people = [
    person('hamlet', { emails: ['hamlet@example.org', 'prince@example.org'] }),
    person('rosencrantz', { emails: ['shared@example.org'] }),
    person('guildenstern', { emails: ['shared@example.org'] }),
    person('yorick@example.org', { emails: ['jester@example.org'] }),
  ];
  const app = createMemoryApp({ people });
  const signIn = createSignInByEmail({ ...app.parts, directory: app.directory });
  const listener = routeApp(app.log, devFetchApiKeyRoute(signIn));
  const ask = (form: Record<string, string>, query = ''): Test =>
    request(listener).post(`${DEV_FETCH}${query}`).type('form').send(new URLSearchParams(form).toString());
  return { app, listener, ask };
}

describe('contract 3.1: a key for an email', () => {
  it('comes without a password, in the answer of fetch_api_key', async () => {
    const { app, ask } = start();
    const { text, body, headers } = await ask({ username: 'hamlet@example.org' }).expect(200);
    expect(text).toBe(
      `{"result":"success","msg":"","api_key":"${body.api_key}","email":"hamlet@example.org","user_id":${FIRST_ID}}\n`,
    );
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('no-store');
    expect(body.api_key).toBe(await fetchKey(app));
  });

  it.each(['HAMLET@example.org', 'prince@example.org'])('has the stored email for %s', async (username) => {
    const { body } = await start().ask({ username }).expect(200);
    expect(body).toMatchObject({ email: 'hamlet@example.org', user_id: FIRST_ID });
  });

  it('comes by the query and by a multipart form, too', async () => {
    const { listener } = start();
    await request(listener).post(`${DEV_FETCH}?username=hamlet%40example.org`).expect(200);
    await request(listener).post(DEV_FETCH).field('username', 'hamlet@example.org').expect(200);
  });

  it('comes with the names of parameters that nobody read (contract 1.3)', async () => {
    const form = { username: 'hamlet@example.org', password: 'x', client: 'y', zz: '' };
    const { text } = await start().ask(form, '?a=1').expect(200);
    expect(text).toContain(`"user_id":${FIRST_ID},"ignored_parameters_unsupported":["a","password","zz"]}`);
  });
});

describe('contract 3.1: no key', () => {
  it('without a username: 400', async () => {
    const { text } = await start().ask({}).expect(400);
    expect(text).toBe(
      '{"result":"error","msg":"Missing \'username\' argument","var_name":"username","code":"REQUEST_VARIABLE_MISSING"}\n',
    );
  });

  it.each(['hamlet', '', 'hamlet@', 'ham let@example.org', 'hamlet@example.org '])(
    'for %j, which is no email: 400, always',
    async (username) => {
      expect((await start().ask({ username }).expect(400)).text).toBe(INVALID_EMAIL);
    },
  );

  it.each([
    ['somebody unknown', 'nobody@example.org', 'unknown-user'],
    ['an email of two', 'shared@example.org', 'ambiguous'],
    ['a login name that reads as an email', 'yorick@example.org', 'unknown-user'],
  ])('for %s: 401', async (_case, username, outcome) => {
    const { app, ask } = start();
    const { text, headers } = await ask({ username }).expect(401);
    expect(text).toBe(INCORRECT);
    expect(headers).not.toHaveProperty('www-authenticate');
    expect((await app.log.requestLines())[0]).toMatchObject({ path: DEV_FETCH, outcome });
  });

  it('while the directory is away: 503', async () => {
    const { app, ask } = start();
    app.directory.setAway(true);
    const { body } = await ask({ username: 'hamlet@example.org' }).expect(503);
    expect(body.code).toBe('SERVICE_UNAVAILABLE');
  });

  it.each(['get', 'put', 'options', 'delete'] as const)('for the method %s: 405', async (method) => {
    const { text, headers } = await request(start().listener)[method](DEV_FETCH).expect(405);
    expect(text).toBe('{"result":"error","msg":"Method Not Allowed","allowed_methods":["POST"]}');
    expect(headers['allow']).toBe('POST');
  });
});
