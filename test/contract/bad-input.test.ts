import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verify } from '../service/stack.ts';
import { ask, basic, type Question } from './ask.ts';
import { createPageClient } from './page-client.ts';
import { FETCH_API_KEY, fetchKey, signIn } from './sign-in.ts';
import { signToken } from './tokens.ts';
import { type ServiceName, startWorld, type World } from './world.ts';

const LIMIT = 64 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/** What can be wrong with a form, as a function of one that is not. */
const WRONGS = {
  'no body at all': () => ({ method: 'POST' }),
  'lists for values': (form) => ({ form: Object.entries(form).map(([name, value]) => [`${name}[]`, value]) }),
  'JSON for a form': (form) => ({
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(form),
  }),
  'a form called plain text': (form) => ({
    headers: { 'Content-Type': 'text/plain' },
    body: encode(form),
  }),
  'a form without a type': (form) => ({ body: new Uint8Array(Buffer.from(encode(form))) }),
  'a body over 64 KiB': (form) => ({
    headers: { 'Content-Type': FORM },
    body: `${encode(form)}&rest=${'x'.repeat(LIMIT)}`,
  }),
  'a body called gzip': (form) => ({
    headers: { 'Content-Type': FORM, 'Content-Encoding': 'gzip' },
    body: encode(form),
  }),
  'bytes that are no UTF-8': (form) => ({
    headers: { 'Content-Type': FORM },
    body: Object.keys(form)
      .map((name) => `${name}=%ff%fe`)
      .join('&'),
  }),
  'multipart that is none': (form) => ({
    headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
    body: encode(form),
  }),
  'a wrong value after the right one': (form) => ({
    form: [...Object.entries(form), ...Object.keys(form).map((name) => [name, 'wrong@example.org'] as const)],
  }),
} satisfies Record<string, (form: Readonly<Record<string, string>>) => Question>;

type Wrong = keyof typeof WRONGS;
const wrongs = Object.keys(WRONGS) as Wrong[];

function encode(form: Readonly<Record<string, string>>): string {
  return new URLSearchParams(form).toString();
}

/** The status of each wrong form: what all endpoints say of a body that cannot be read, and what this one says. */
function statuses(missing: number, others: Partial<Record<Wrong, number>>): Record<Wrong, number> {
  const unread = {
    'no body at all': missing,
    'lists for values': missing,
    'JSON for a form': missing,
    'a form called plain text': missing,
    'a form without a type': missing,
    'bytes that are no UTF-8': missing,
    'multipart that is none': 400,
    'a wrong value after the right one': missing,
  };
  return { ...unread, 'a body over 64 KiB': 413, 'a body called gzip': 415, ...others };
}

describe('after bad input', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });

  const urlOf = async (name: ServiceName = 'plain') => (await world.service(name)).url;
  const alice = { username: 'alice', password: 'alice-secret' };

  /** Someone who has signed in to the pages. */
  async function atAccount(url: string) {
    const client = createPageClient(url);
    await client.open('/accounts/login/');
    await client.press('Sign in', alice);
    await client.open('/account');
    return client;
  }

  describe.each<{
    path: string;
    service: ServiceName;
    form: () => Promise<Record<string, string>>;
    expected: Record<Wrong, number>;
    good?: (url: string) => Promise<number>;
  }>([
    {
      path: FETCH_API_KEY,
      service: 'plain',
      form: async () => alice,
      expected: statuses(400, { 'bytes that are no UTF-8': 401, 'a wrong value after the right one': 401 }),
    },
    {
      path: '/api/v1/jwt/fetch_api_key',
      service: 'federated',
      form: async () => ({ token: await signToken({ email: 'alice@example.org' }) }),
      expected: statuses(400, {}),
    },
    {
      path: '/api/v1/dev_fetch_api_key',
      service: 'development',
      form: async () => ({ username: 'alice@example.org' }),
      expected: statuses(400, { 'a wrong value after the right one': 401 }),
    },
    {
      // Its forms are none of our pages': they lack the token.
      path: '/accounts/login/',
      service: 'plain',
      form: async () => alice,
      expected: statuses(403, {}),
      good: async (url) => (await atAccount(url)).page().status,
    },
    ...['/account/zuliprc', '/account/regenerate', '/account/sign-out'].map((path) => ({
      // Nobody is signed in: the way leads to the sign-in page.
      path,
      service: 'plain' as const,
      form: async () => ({ csrf: 'x', confirm: 'yes' }),
      expected: statuses(303, {}),
      good: async (url: string) => (await atAccount(url)).page().status,
    })),
    {
      // Takes no parameters, and reads none: what is wrong is that the key is not there.
      path: '/api/v1/users/me/api_key/regenerate',
      service: 'plain',
      form: async () => ({ confirm: 'yes' }),
      expected: statuses(401, { 'multipart that is none': 401 }),
      good: async (url) => {
        const headers = { authorization: basic('bob', await fetchKey(url, 'bob')) };
        const path = '/api/v1/users/me/api_key/regenerate';
        return (await ask(url + path, { method: 'POST', headers })).status;
      },
    },
  ])('in a form ($path)', ({ path, service, form, expected, good }) => {
    test.each(wrongs)('(%s) the next request works', async (wrong) => {
      const url = await urlOf(service);
      const right = await form();
      const { status, headers } = await ask(url + path, WRONGS[wrong](right));
      expect({ status, isCut: headers.has('x-powered-by') }).toEqual({
        status: expected[wrong],
        isCut: false,
      });
      const next = good ? await good(url) : (await ask(url + path, { form: right })).status;
      expect(next).toBe(200);
    });
  });

  test.each<[what: string, form: Record<string, string>, status: number]>([
    ['no password', { username: 'alice' }, 401],
    ['no username', { password: 'alice-secret' }, 401],
    ['a username that is no text', { username: 'ali\0ce', password: 'alice-secret' }, 401],
    ['a password of 32 KiB', { username: 'alice', password: 'x'.repeat(LIMIT / 2) }, 401],
    ['a pad that is none', { ...alice, mobile_flow_otp: 'x' }, 400],
    ["another page's token", { ...alice, csrf: 'x'.repeat(43) }, 403],
  ])('(%s) on the sign-in page, the person can sign in', async (_what, form, status) => {
    const url = await urlOf();
    const client = createPageClient(url);
    await client.open('/accounts/login/');
    expect((await client.press('Sign in', form)).status).toBe(status);
    expect((await atAccount(url)).page().status).toBe(200);
  });

  test.each(['Download zuliprc', 'Regenerate key', 'Sign out'])(
    '(a token of another page) under "%s" on the account page, the person is still signed in',
    async (button) => {
      const client = await atAccount(await urlOf());
      const key = await fetchKey(await urlOf(), 'alice');
      expect((await client.press(button, { csrf: 'x'.repeat(43), confirm: 'yes' })).status).toBe(403);
      expect((await client.open('/account')).status).toBe(200);
      expect((await verify(await urlOf(), key)).status).toBe(200);
    },
  );

  const bearer = (key: string) => ['Authorization', `Bearer ${key}`];
  const named = (key: string) => ['Authorization', basic('alice', key)];

  describe.each<{ path: string; good: (key: string) => string[]; expected: number[]; repeated: number }>([
    { path: '/verify', good: bearer, expected: [401, 401, 401, 401], repeated: 200 },
    { path: '/api/v1/users/me', good: named, expected: [401, 401, 401, 400], repeated: 200 },
    { path: '/api/v1/server_settings', good: named, expected: [200, 200, 200, 200], repeated: 200 },
  ])('in headers ($path)', ({ path, good, expected, repeated }) => {
    const lines: [what: string, headers: string[], at: number][] = [
      ['no credentials', [], 0],
      ['no base64', ['Authorization', 'Basic %%%'], 1],
      ['bytes that are no text', ['Authorization', 'Basic /////zo='], 2],
      ['bytes beyond ASCII', ['Authorization', `Bearer ${'ÿ'.repeat(32)}`], 3],
    ];

    test.each(lines)('(%s) the next request works', async (_what, headers, at) => {
      const url = await urlOf();
      const key = await fetchKey(url, 'alice');
      expect(await statusOf(url + path, headers)).toBe(expected[at]);
      expect(await statusOf(url + path, good(key))).toBe(200);
    });

    test('(more than headers may be) the next request works', async () => {
      const url = await urlOf();
      const key = await fetchKey(url, 'alice');
      const status = await statusOf(url + path, ['Authorization', `Basic ${'A'.repeat(2 * LIMIT)}`]);
      // The answer may be lost when the connection is cut under what is still being sent.
      expect([431, undefined]).toContain(status);
      expect(await statusOf(url + path, good(key))).toBe(200);
    });

    test('(a second, wrong header of the kind) the first counts', async () => {
      const url = await urlOf();
      const key = await fetchKey(url, 'alice');
      const both = [...good(key), 'Authorization', 'Bearer nothing'];
      expect(await statusOf(url + path, both)).toBe(repeated);
    });

    test('(a body where none belongs) the next request works', async () => {
      const url = await urlOf();
      const key = await fetchKey(url, 'alice');
      const body = 'x'.repeat(LIMIT + 1);
      const { status } = await ask(url + path, { method: 'PUT', body });
      expect(status).toBe(path === '/verify' ? 401 : 413);
      expect(await statusOf(url + path, good(key))).toBe(200);
    });
  });

  test('of every kind, anybody can sign in', async () => {
    expect((await signIn(await urlOf(), 'alice')).status).toBe(200);
  });
});

/** The status of a GET with these header lines, name and value in turn; `undefined`: the connection was cut. */
async function statusOf(url: string, headers: string[]): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  request(url, { headers: ['Host', new URL(url).host, 'Connection', 'close', ...headers] }, (res) => {
    text(res).then(() => resolve(res.statusCode), reject);
  })
    .on('error', () => resolve(undefined))
    .end();
  return promise;
}
