import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMemoryApp, person, signIn as signInInMemory } from '../http/memory-app.ts';
import { verify } from '../service/stack.ts';
import { type Answer, ask, basic, errorText, methodText } from './ask.ts';
import { decodeKey, PAD } from './otp.ts';
import { createPageClient } from './page-client.ts';
import { FETCH_API_KEY, fetchKey, INCORRECT, signIn } from './sign-in.ts';
import { signToken } from './tokens.ts';
import { type ServiceName, startWorld, type World } from './world.ts';

const ME = '/api/v1/users/me';
const SERVER_SETTINGS = '/api/v1/server_settings';

/** What implementers of this contract get wrong, one test each. */
describe('the contract', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });

  const urlOf = async (name: ServiceName = 'plain') => (await world.service(name)).url;
  const settings = async (name: ServiceName = 'plain') =>
    (await ask((await urlOf(name)) + SERVER_SETTINGS)).json();
  const me = async (url: string, authorization: string): Promise<Answer> =>
    ask(url + ME, { headers: { authorization } });

  test('trap 1: a failed sign-in is a 401 without WWW-Authenticate', async () => {
    const { status, headers } = await signIn(await urlOf(), 'alice', 'wrong');
    expect([status, headers.get('www-authenticate')]).toEqual([401, null]);
  });

  test('trap 2: whatever is wrong with Basic credentials, the code is UNAUTHORIZED', async () => {
    const url = await urlOf();
    const key = await fetchKey(url, 'alice');
    for (const [name, wrong] of [
      ['alice', 'short'],
      ['alice', 'A'.repeat(32)],
      ['bob', key],
    ] as const)
      expect((await me(url, basic(name, wrong))).json()['code']).toBe('UNAUTHORIZED');
  });

  test('trap 3: realm_uri is there, deprecated or not', async () => {
    expect((await settings())['realm_uri']).toBe(await urlOf());
  });

  test('trap 4: no authentication method is left out, nor what zulip-flutter demands of a realm', async () => {
    const { authentication_methods: methods, ...rest } = await settings();
    expect(methods).toMatchObject({ ldap: true, 'openid connect': false });
    expect(rest).toMatchObject({
      realm_icon: expect.any(String),
      realm_description: expect.any(String),
      zulip_merge_base: expect.any(String),
    });
  });

  test('trap 5: multipart and the query are read, JSON is not', async () => {
    const url = (await urlOf()) + FETCH_API_KEY;
    const multipart = new FormData();
    multipart.set('username', 'alice');
    multipart.set('password', 'alice-secret');
    expect((await ask(url, { body: multipart })).status).toBe(200);
    const query = '?username=alice&password=alice-secret';
    expect((await ask(url + query, { method: 'POST' })).status).toBe(200);
    const json = JSON.stringify({ username: 'alice', password: 'alice-secret' });
    const refused = await ask(url, { headers: { 'Content-Type': 'application/json' }, body: json });
    expect([refused.status, refused.json()['var_name']]).toEqual([400, 'username']);
  });

  test("trap 6: the answer's email is the account's own, and Basic takes it in any case, and what was typed", async () => {
    const url = await urlOf();
    const { json } = await signIn(url, 'ALICE', 'alice-secret');
    expect(json()['email']).toBe('alice@example.org');
    for (const name of ['alice@example.org', 'Alice@EXAMPLE.org', 'ALICE', 'alice'])
      expect((await me(url, basic(name, String(json()['api_key'])))).status).toBe(200);
  });

  test('trap 7: there is no subdomain that could be wrong: any host name is the one organization', async () => {
    const url = await urlOf();
    const headers = { 'X-Forwarded-Host': 'nowhere.example.com' };
    expect((await ask(url + SERVER_SETTINGS, { headers })).status).toBe(200);
    const form = { username: 'alice', password: 'alice-secret' };
    expect((await ask(url + FETCH_API_KEY, { headers, form })).status).toBe(200);
  });

  test('trap 8: emails are demanded by the setting alone, and not because there is LDAP', async () => {
    expect((await settings())['require_email_format_usernames']).toBe(false);
    expect((await signIn(await urlOf(), 'alice')).status).toBe(200);
    expect((await settings('emails'))['require_email_format_usernames']).toBe(true);
    expect((await signIn(await urlOf('emails'), 'alice')).status).toBe(400);
  });

  test('trap 9: an empty password is refused before a bind, which the directory would accept', async () => {
    const url = await urlOf();
    world.stack.ldapProxy.resetCounts();
    expect(await signIn(url, 'alice', '')).toMatchObject({ status: 401, text: INCORRECT });
    expect(world.stack.ldapProxy.binds()).toEqual([]);
  });

  test('trap 10: no entry and several are the same to the client, and filters are escaped', async () => {
    const url = await urlOf();
    for (const [name, password] of [
      ['nobody', 'x'],
      ['dup', 'dup-secret'],
      ['*', 'alice-secret'],
      ['alice)(uid=*', 'alice-secret'],
    ] as const)
      expect(await signIn(url, name, password)).toMatchObject({ status: 401, text: INCORRECT });
    const { status } = await signIn(await urlOf('domain'), 'alice@CORP.Example', 'alice-secret');
    expect(status).toBe(200);
  });

  test('trap 11: a directory that is away is a 503 and no failed attempt, and keys stay good', async () => {
    const url = await urlOf('cut');
    const key = await fetchKey(url, 'alice');
    await world.cutProxy.set({ mode: 'refuse' });
    world.cutProxy.kill();
    try {
      for (let time = 0; time < 7; time++) expect((await signIn(url, 'alice', 'wrong')).status).toBe(503);
      expect((await me(url, basic('alice', key))).status).toBe(200);
    } finally {
      await world.cutProxy.set({});
    }
  });

  test('trap 12: an attempt counts before it is made, success clears, a spent budget refuses the right password', async () => {
    const url = await urlOf('limited');
    const left = async (name: string, password: string) =>
      (await signIn(url, name, password)).headers.get('x-ratelimit-remaining');
    expect(await left('alice', 'wrong')).toBe('4');
    expect(await left('ALICE', 'wrong')).toBe('3');
    expect(await left('alice@example.org', 'wrong')).toBe('4');
    expect((await signIn(url, 'alice')).status).toBe(200);
    const spellings = ['alice', ' Alice', 'ALICE', 'alice ', 'aLiCe'];
    const guesses = await Promise.all(
      [...spellings, ...spellings].map((name, guess) => signIn(url, name, `wrong ${guess}`)),
    );
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
    expect((await signIn(url, 'alice')).status).toBe(429);
  });

  test('trap 13: retry-after is a float, X-RateLimit-Reset a time, and the headers are on successes too', async () => {
    const url = await urlOf('limited');
    const success = await signIn(url, 'bob');
    expect(success.headers.get('x-ratelimit-limit')).toBe('5');
    let last = success;
    for (let time = 0; time < 6; time++) last = await signIn(url, 'thirteen', 'wrong');
    expect(last.status).toBe(429);
    expect(last.headers.get('retry-after')).toBe(String(Math.ceil(Number(last.json()['retry-after']))));
    expect(Number(last.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000);
  });

  test('trap 14: a 405 has allowed_methods, no code and no line feed; OPTIONS is one on fetch_api_key, not on users/me', async () => {
    const url = await urlOf();
    for (const method of ['GET', 'OPTIONS'])
      expect(await ask(url + FETCH_API_KEY, { method })).toMatchObject({
        status: 405,
        text: methodText('POST'),
      });
    expect((await ask(url + ME, { method: 'OPTIONS' })).status).toBe(204);
  });

  test('trap 15: ignored parameters are sorted, without client, on a success alone, and not in server_settings', async () => {
    const url = await urlOf();
    const alice = { username: 'alice', password: 'alice-secret' };
    const asked = (form: Record<string, string>) => ask(url + FETCH_API_KEY, { form });
    expect((await asked({ ...alice, zz: '', client: '', aa: '' })).json()).toMatchObject({
      ignored_parameters_unsupported: ['aa', 'zz'],
    });
    const absent = 'ignored_parameters_unsupported';
    expect((await asked({ ...alice, client: 'x' })).json()).not.toHaveProperty(absent);
    expect((await asked({ ...alice, password: 'wrong', zz: '' })).json()).not.toHaveProperty(absent);
    expect((await ask(`${url}${SERVER_SETTINGS}?zz=1`)).json()).not.toHaveProperty(absent);
  });

  test('trap 16: neither 405 nor 500 has a code, all else ends in a line feed, var_name stands before code', async () => {
    const url = await urlOf();
    expect((await ask(url + FETCH_API_KEY)).json()).not.toHaveProperty('code');
    const missing = await ask(url + FETCH_API_KEY, { method: 'POST' });
    expect(Object.keys(missing.json())).toEqual(['result', 'msg', 'var_name', 'code']);
    expect(missing.text).toMatch(/\}\n$/);
    const broken = async () => {
      throw new TypeError('a fault of ours');
    };
    const app = createMemoryApp({ wrap: (directory) => ({ ...directory, find: broken }) });
    const { text } = await signInInMemory(app, 'hamlet').expect(500);
    expect(text).toBe('{"result":"error","msg":"Internal server error"}\n');
  });

  test('trap 17: one message ends in a full stop, the other does not', async () => {
    expect((await signIn(await urlOf(), 'alice', 'wrong')).json()['msg']).toBe(
      'Your username or password is incorrect',
    );
    expect((await signIn(await urlOf('emails'), 'alice')).json()['msg']).toBe('Enter a valid email address.');
  });

  test('trap 18: that a person is deactivated is told after the right password alone', async () => {
    const app = createMemoryApp({ people: [person('hamlet', {}, 'account-disabled')] });
    expect((await signInInMemory(app, 'hamlet', 'wrong').expect(401)).text).toBe(INCORRECT);
    expect((await signInInMemory(app, 'hamlet').expect(401)).body.code).toBe('USER_DEACTIVATED');
  });

  test('trap 19: signing in again gives the same key', async () => {
    const url = await urlOf();
    const first = await fetchKey(url, 'bob');
    expect(await fetchKey(url, 'bob@example.org', 'bob-secret')).toBe(first);
    expect((await verify(url, first)).status).toBe(200);
  });

  test('trap 20: in production the development endpoints are not there', async () => {
    const url = await urlOf();
    const text = errorText('Not found', 'NOT_FOUND');
    const form = { username: 'alice@example.org' };
    expect(await ask(`${url}/api/v1/dev_fetch_api_key`, { form })).toMatchObject({ status: 404, text });
    expect(await ask(`${url}/api/v1/dev_list_users`)).toMatchObject({ status: 404, text });
    const inDevelopment = await ask(`${await urlOf('development')}/api/v1/dev_list_users`);
    expect(inDevelopment.status).toBe(200);
  });

  test("trap 21: an app's redirection has realm_uri for its realm, 64 digits and the user_id", async () => {
    const url = await urlOf();
    const client = createPageClient(url);
    await client.open(`/accounts/login/?mobile_flow_otp=${PAD}`);
    const { status, headers } = await client.press('Sign in', {
      username: 'alice',
      password: 'alice-secret',
    });
    const { protocol, host, searchParams } = new URL(headers.get('location') ?? '');
    expect([status, protocol, host]).toEqual([302, 'zulip:', 'login']);
    const { otp_encrypted_api_key: encrypted = '', ...rest } = Object.fromEntries(searchParams);
    expect(encrypted).toMatch(/^[0-9a-f]{64}$/);
    expect(decodeKey(encrypted, PAD)).toBe(await fetchKey(url, 'alice'));
    const { user_id: id } = (await signIn(url, 'alice')).json();
    expect(rest).toEqual({ email: 'alice@example.org', user_id: String(id), realm: url });
    expect((await settings())['realm_uri']).toBe(url);
  });

  test('trap 22: the answer to a token has no user_id', async () => {
    const form = { token: await signToken({ email: 'alice@example.org' }) };
    const { json } = await ask(`${await urlOf('federated')}/api/v1/jwt/fetch_api_key`, { form });
    expect(Object.keys(json())).toEqual(['result', 'msg', 'api_key', 'email']);
  });

  test('trap 23: the feature level is one that the apps take, and that promises nothing newer', async () => {
    const { zulip_feature_level: level } = await settings();
    expect(level).toBe(421);
  });

  test('trap 24: exactly one colon in Basic, another scheme is a 400, and a browser gets JSON', async () => {
    const url = await urlOf();
    const key = await fetchKey(url, 'alice');
    const twoColons = `Basic ${Buffer.from(`alice:${key}:`).toString('base64')}`;
    expect((await me(url, twoColons)).status).toBe(401);
    expect((await me(url, `Bearer ${key}`)).status).toBe(400);
    const { status, json } = await ask(url + ME, { headers: { Accept: 'text/html' } });
    expect([status, json()['code']]).toEqual([401, 'UNAUTHORIZED']);
  });
});
