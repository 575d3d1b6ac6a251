import { expect } from '@jest/globals';
import { verify } from '../../service/stack.ts';
import { type Answer, ask, basic, errorText, methodText } from '../ask.ts';
import { createPageClient } from '../page-client.ts';
import { fetchKey, INCORRECT } from '../sign-in.ts';
import { seconds, signToken } from '../tokens.ts';
import { JWT_SECRET, type World } from '../world.ts';
import type { Check, Checks } from './check.ts';

const REGENERATE = '/api/v1/users/me/api_key/regenerate';
const JWT_FETCH = '/api/v1/jwt/fetch_api_key';

const ALICE = { email: 'alice@example.org' };
async function exchange(world: World, form: Record<string, string>): Promise<Answer> {
  const { url } = await world.service('federated');
  return ask(url + JWT_FETCH, { form });
}

/** Each token is refused with this message. */
const refusesToken =
  (msg: string, ...tokens: (() => Promise<string>)[]): Check =>
  async (world) => {
    for (const make of tokens) {
      const { status, text } = await exchange(world, { token: await make() });
      expect({ status, text }).toEqual({ status: 400, text: errorText(msg, 'BAD_REQUEST') });
    }
  };

const BAD = 'Bad JSON web token';

async function regenerate(url: string, name: string, key: string): Promise<Answer> {
  return ask(url + REGENERATE, { method: 'POST', headers: { authorization: basic(name, key) } });
}

/** Sections 4.1 to 4.4. */
export const otherWaysChecks: Checks = {
  '4.1-01': async (world) => {
    const { url } = await world.service('plain');
    const authorization = basic('bob', await fetchKey(url, 'bob'));
    const twin = `${url}/json/users/me/api_key/regenerate`;
    expect((await ask(twin, { method: 'POST', headers: { authorization } })).status).toBe(404);
  },
  '4.1-02': async (world) => {
    const { url } = await world.service('plain');
    const client = createPageClient(url);
    await client.open('/accounts/login/');
    await client.press('Sign in', { username: 'bob', password: 'bob-secret' });
    await client.open('/account');
    expect(client.cookies()).not.toEqual([]);
    const headers = { Cookie: client.cookies().join('=x; ') };
    const { status, json } = await ask(url + REGENERATE, { method: 'POST', headers });
    expect([status, json()['code']]).toEqual([401, 'UNAUTHORIZED']);
  },
  '4.1-03': async (world) => {
    const { url } = await world.service('plain');
    const { status, text, json } = await regenerate(url, 'bob', await fetchKey(url, 'bob'));
    const key = json()['api_key'];
    expect(key).toMatch(/^[A-Za-z0-9]{32}$/);
    expect({ status, text }).toEqual({
      status: 200,
      text: `{"result":"success","msg":"","api_key":"${key}"}\n`,
    });
  },
  '4.1-04': async (world) => {
    const { url } = await world.service('plain');
    const old = await fetchKey(url, 'bob');
    const key = String((await regenerate(url, 'bob', old)).json()['api_key']);
    expect(await regenerate(url, 'bob', old)).toMatchObject({
      status: 401,
      text: errorText('Invalid API key', 'UNAUTHORIZED'),
    });
    expect([(await verify(url, old)).status, (await verify(url, key)).status]).toEqual([401, 200]);
    expect(await fetchKey(url, 'bob')).toBe(key);
  },
  '4.1-07': async (world) => {
    const { url } = await world.service('plain');
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect(await ask(url + REGENERATE, { method })).toMatchObject({
        status: 405,
        text: methodText('POST'),
      });
    const preflight = await ask(url + REGENERATE, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('allow')]).toEqual([204, 'POST']);
  },
  '4.2-05': async (world) => {
    const { url } = await world.service('plain');
    const { status, text } = await ask(`${url}/json/fetch_api_key`, { form: { password: 'alice-secret' } });
    expect({ status, text }).toEqual({ status: 404, text: errorText('Not found', 'NOT_FOUND') });
  },
  '4.3-01': async (world) => {
    const { url } = await world.service('federated');
    const { status, text } = await exchange(world, { token: await signToken(ALICE) });
    const key = await fetchKey(url, 'alice');
    expect({ status, text }).toEqual({
      status: 200,
      text: `{"result":"success","msg":"","api_key":"${key}","email":"alice@example.org"}\n`,
    });
  },
  '4.3-02': async (world) => {
    const { json } = await exchange(world, { token: await signToken(ALICE), include_profile: 'true' });
    expect(Object.keys(json())).toEqual(['result', 'msg', 'api_key', 'email', 'user']);
    expect(json()['user']).toMatchObject({ ...ALICE, full_name: 'Alice Archer', role: 400 });
    const plain = await exchange(world, { token: await signToken(ALICE), include_profile: 'false' });
    expect(Object.keys(plain.json())).toEqual(['result', 'msg', 'api_key', 'email']);
  },
  '4.3-03': refusesToken(
    BAD,
    () => signToken(ALICE, 'another secret of more than thirty-two bytes'),
    () => signToken(ALICE, JWT_SECRET.repeat(2), 'HS512'),
    async () => {
      const [, claims] = (await signToken(ALICE)).split('.');
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
    },
  ),
  '4.3-04': refusesToken(
    BAD,
    () => signToken({ ...ALICE, exp: seconds() - 1 }),
    () => signToken({ ...ALICE, nbf: seconds() + 30 }),
  ),
  '4.3-05': refusesToken(
    BAD,
    () => signToken({ ...ALICE, exp: undefined }),
    () => signToken({ ...ALICE, exp: seconds() + 3600 }),
  ),
  '4.3-07': async (world) => {
    const { url } = await world.service('plain');
    const { status, text } = await ask(url + JWT_FETCH, { form: { token: await signToken(ALICE) } });
    const msg = 'JWT authentication is not enabled for this organization';
    expect({ status, text }).toEqual({ status: 400, text: errorText(msg, 'BAD_REQUEST') });
  },
  '4.3-08': async (world) => {
    const text = errorText('No JSON web token passed in request', 'BAD_REQUEST');
    for (const form of [{ token: '' }, { jwt: 'x' }])
      expect(await exchange(world, form)).toMatchObject({ status: 400, text });
  },
  '4.3-09': refusesToken(
    BAD,
    async () => 'garbage',
    async () => 'a.b.c',
    async () => `${await signToken(ALICE)}x`,
  ),
  '4.3-10': refusesToken(
    'No email specified in JSON web token claims',
    () => signToken({}),
    () => signToken({ sub: 'alice@example.org' }),
  ),
  '4.3-11': async (world) => {
    for (const email of ['nobody@example.org', '', 'no-mail', 'outsider@example.org']) {
      const { status, text } = await exchange(world, { token: await signToken({ email }) });
      expect({ email, status, text }).toEqual({ email, status: 401, text: INCORRECT });
    }
  },
  '4.3-12': async (world) => {
    const { url } = await world.service('federated');
    for (const method of ['GET', 'PUT', 'OPTIONS'])
      expect(await ask(url + JWT_FETCH, { method })).toMatchObject({ status: 405, text: methodText('POST') });
  },
  '4.3-13': async (world) => {
    for (let time = 0; time < 7; time++) {
      const { status, headers } = await exchange(world, {
        token: await signToken({ email: 'nobody@a.example' }),
      });
      expect([status, headers.get('x-ratelimit-limit')]).toEqual([401, null]);
    }
  },
  '4.3-14': refusesToken('No email specified in JSON web token claims', () =>
    signToken({ ...ALICE, email_verified: false }),
  ),
  '4.4-01': async (world) => {
    const { url } = await world.service('plain');
    const { headers, text } = await zuliprc(url, 'alice');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="?zuliprc"?$/);
    const key = await fetchKey(url, 'alice');
    expect(text).toBe(`[api]\nemail=alice@example.org\nkey=${key}\nsite=${url}\n`);
  },
  '4.4-02': async (world) => {
    const { url } = await world.service('plain');
    expect((await zuliprc(url, 'ALICE')).text).toContain('\nemail=alice@example.org\n');
  },
};

/** The file that someone downloads who signs in to the pages as `username`. */
async function zuliprc(url: string, username: string): Promise<Answer> {
  const client = createPageClient(url);
  await client.open('/accounts/login/');
  await client.press('Sign in', { username, password: 'alice-secret' });
  await client.open('/account');
  return client.press('Download zuliprc');
}
