import { expect } from '@jest/globals';
import { type Answer, ask, basic, errorText, methodText } from '../ask.ts';
import { fetchKey, signIn } from '../sign-in.ts';
import type { World } from '../world.ts';
import type { Check, Checks } from './check.ts';

const ME = '/api/v1/users/me';
const CHALLENGE = 'Basic realm="zulip"';
const UNKNOWN_KEY = 'A'.repeat(32);

const encoded = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

async function me(world: World, authorization: string): Promise<Answer> {
  const { url } = await world.service('plain');
  return ask(url + ME, { headers: { authorization } });
}

const aliceKey = async (world: World) => fetchKey((await world.service('plain')).url, 'alice');

/** Each header, made from alice's key, is taken. */
const takes =
  (...headers: ((key: string) => string)[]): Check =>
  async (world) => {
    const key = await aliceKey(world);
    for (const header of headers) {
      const { status, json } = await me(world, header(key));
      expect({ status, email: json()['email'] }).toEqual({ status: 200, email: 'alice@example.org' });
    }
  };

/** Each header, made from alice's key, is a 401 with this message and a challenge. */
const refuses =
  (msg: string, ...headers: ((key: string) => string)[]): Check =>
  async (world) => {
    const key = await aliceKey(world);
    for (const header of headers) {
      const { status, text, headers: answered } = await me(world, header(key));
      expect({ status, text }).toEqual({ status: 401, text: errorText(msg, 'UNAUTHORIZED') });
      expect(answered.get('www-authenticate')).toBe(CHALLENGE);
    }
  };

async function notLoggedIn(world: World, headers: Record<string, string>): Promise<void> {
  const { url } = await world.service('plain');
  const { status, text, headers: answered } = await ask(url + ME, { headers });
  const msg = 'Not logged in: API authentication or user session required';
  expect({ status, text }).toEqual({ status: 401, text: errorText(msg, 'UNAUTHORIZED') });
  expect(answered.get('www-authenticate')).toBe(CHALLENGE);
}

const profile = async (world: World) =>
  (await me(world, basic('alice@example.org', await aliceKey(world)))).json();

/** Section 5. */
export const credentialsChecks: Checks = {
  '5-01': takes(
    (key) => basic('alice@example.org', key).replace('Basic', 'bAsIc'),
    (key) => basic('alice@example.org', key).replace('Basic', 'BASIC'),
  ),
  '5-02': refuses(
    'Invalid authorization header for basic auth',
    () => encoded('alice@example.org'),
    (key) => encoded(`alice@example.org:${key}:`),
  ),
  '5-03': takes((key) => encoded(` alice@example.org \t: ${key}\n`)),
  '5-04': async (world) => {
    await takes((key) => basic('ALICE@Example.Org', key))(world);
    await refuses('Invalid API key', (key) => basic('bob@example.org', key))(world);
  },
  '5-05': takes(
    (key) => basic('alice', key),
    (key) => basic('ALICE', key),
  ),
  '5-06': (world) => notLoggedIn(world, {}),
  '5-07': (world) => notLoggedIn(world, { Accept: 'text/html,application/xhtml+xml' }),
  '5-08': async (world) => {
    for (const scheme of ['Bearer', 'Digest']) {
      const { status, text, headers } = await me(world, `${scheme} ${await aliceKey(world)}`);
      const msg = 'This endpoint requires HTTP basic authentication.';
      expect({ status, text }).toEqual({ status: 400, text: errorText(msg, 'BAD_REQUEST') });
      expect(headers.get('www-authenticate')).toBeNull();
    }
  },
  '5-09': refuses(
    'Invalid authorization header for basic auth',
    () => 'Basic',
    () => 'Basic %%%',
    () => 'Basic /////zo=',
    (key) => `${basic('alice', key)} more`,
  ),
  '5-10': refuses(
    'Malformed API key',
    (key) => basic('alice', key.slice(1)),
    (key) => basic('alice', `${key}x`),
    (key) => basic('alice', `${key.slice(1)}-`),
    () => basic('alice', ''),
  ),
  '5-11': refuses(
    'Invalid API key',
    () => basic('alice@example.org', UNKNOWN_KEY),
    (key) => basic('bob', key),
    (key) => basic('nobody', key),
  ),
  '5-16': async (world) => {
    const answers = await Promise.all([
      me(world, basic('alice', UNKNOWN_KEY)),
      me(world, basic('alice', 'short')),
      me(world, 'Basic %%%'),
      me(world, basic('bob', await aliceKey(world))),
    ]);
    expect(answers.map(({ json }) => json()['code'])).toEqual(answers.map(() => 'UNAUTHORIZED'));
  },
  '5-20': async (world) => {
    const { url } = await world.service('plain');
    const headers = { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'GET' };
    const answer = await ask(url + ME, { method: 'OPTIONS', headers });
    expect([answer.status, answer.text, answer.headers.get('allow')]).toEqual([204, '', 'GET, HEAD']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'Authorization',
      'access-control-allow-methods': 'GET, POST, DELETE, PUT, PATCH, HEAD',
    });
  },
  '5-21': async (world) => {
    const { url } = await world.service('plain');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, text } = await ask(url + ME, { method });
      expect([method, status, text]).toEqual([method, 405, methodText('GET', 'HEAD')]);
    }
  },
  '5-22': async (world) => {
    const { url } = await world.service('plain');
    const answers = [
      await ask(url + ME),
      await ask(url + ME, { method: 'PUT' }),
      await me(world, basic('alice', await aliceKey(world))),
    ];
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('max-age=0, no-cache, no-store, must-revalidate, private');
      expect(Date.parse(headers.get('expires') ?? '')).toBeLessThanOrEqual(Date.now());
    }
  },
  '5-23': async (world) => {
    const { url } = await world.service('plain');
    const headers = { authorization: basic('alice', await aliceKey(world)) };
    expect((await ask(url + ME, { headers, form: { method: 'GET' } })).status).toBe(405);
  },
  '5-13': async (world) => {
    const { url } = await world.service('plain');
    const headers = { authorization: basic('bob', await fetchKey(url, 'bob')) };
    expect((await world.command('plain', 'accounts', 'suspend', 'bob')).code).toBe(0);
    const { status, text } = await ask(url + ME, { headers });
    expect((await world.command('plain', 'accounts', 'restore', 'bob')).code).toBe(0);
    expect({ status, text }).toEqual({
      status: 401,
      text: errorText('Account is deactivated', 'UNAUTHORIZED'),
    });
  },
  '5-24': async (world) => {
    const { url } = await world.service('cut');
    const key = await fetchKey(url, 'alice');
    await world.cutProxy.set({ mode: 'refuse' });
    world.cutProxy.kill();
    try {
      expect((await signIn(url, 'alice')).status).toBe(503);
      const headers = { authorization: basic('alice@example.org', key) };
      expect((await ask(url + ME, { headers })).status).toBe(200);
    } finally {
      await world.cutProxy.set({});
    }
  },
  '5-25': async (world) => {
    expect(Object.keys(await profile(world))).toEqual([
      ...['result', 'msg', 'email', 'user_id', 'avatar_version'],
      ...['is_admin', 'is_owner', 'is_guest', 'role', 'is_bot'],
      ...['full_name', 'timezone', 'is_active', 'date_joined', 'delivery_email'],
      ...['avatar_url', 'profile_data', 'max_message_id'],
    ]);
  },
  '5-26': async (world) =>
    expect(await profile(world)).toMatchObject({
      role: 400,
      ...{ is_admin: false, is_owner: false, is_guest: false, is_bot: false, is_active: true },
    }),
  '5-27': async (world) => {
    const { date_joined: joined } = await profile(world);
    expect(joined).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d\+00:00$/);
    expect(Math.abs(Date.parse(String(joined)) - Date.now())).toBeLessThan(3_600_000);
  },
  '5-28': async (world) =>
    expect(await profile(world)).toMatchObject({
      email: 'alice@example.org',
      delivery_email: 'alice@example.org',
      full_name: 'Alice Archer',
    }),
  '5-30': async (world) => expect(await profile(world)).toMatchObject({ max_message_id: -1 }),
};
