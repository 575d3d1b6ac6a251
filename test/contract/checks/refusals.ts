import { expect } from '@jest/globals';
import type { MemoryPerson } from '../../../src/adapters/memory/directory.ts';
import { createMemoryApp, person, signIn as signInInMemory } from '../../http/memory-app.ts';
import { ask, errorText, methodText } from '../ask.ts';
import { FETCH_API_KEY, INCORRECT, signIn } from '../sign-in.ts';
import type { World } from '../world.ts';
import type { Check, Checks } from './check.ts';

const DEACTIVATED = errorText('Account is deactivated', 'USER_DEACTIVATED');
const RESET = errorText('Your password has been disabled and needs to be reset', 'PASSWORD_RESET_REQUIRED');
const NO_EMAIL = errorText('Enter a valid email address.', 'BAD_REQUEST');
const AWAY = errorText('Service is temporarily unavailable', 'SERVICE_UNAVAILABLE');

/** What someone in a state that the test's slapd cannot be brought into is told. */
async function told(state: NonNullable<MemoryPerson['state']>, password?: string): Promise<string> {
  const app = createMemoryApp({ people: [person('hamlet', {}, state)] });
  const { status, text } = await signInInMemory(app, 'hamlet', password);
  expect(status).toBe(401);
  return text;
}

const missing = (name: string) =>
  `{"result":"error","msg":"Missing '${name}' argument","var_name":"${name}","code":"REQUEST_VARIABLE_MISSING"}\n`;

/** A sign-in while the directory is away; it is back afterwards. */
async function expectUnavailable(world: World, username: string): Promise<void> {
  const { url } = await world.service('cut');
  await world.cutProxy.set({ mode: 'refuse' });
  world.cutProxy.kill();
  try {
    const { status, text, headers } = await signIn(url, username, 'alice-secret');
    expect({ status, text }).toEqual({ status: 503, text: AWAY });
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  } finally {
    await world.cutProxy.set({});
  }
}

const isIncorrect =
  (...attempts: [username: string, password: string][]): Check =>
  async (world) => {
    const { url } = await world.service('plain');
    for (const [username, password] of attempts) {
      const { status, text } = await signIn(url, username, password);
      expect({ username, status, text }).toEqual({ username, status: 401, text: INCORRECT });
    }
  };

/** Sections 1.5 and 1.6. */
export const refusalsChecks: Checks = {
  '1.5-01': async (world) => {
    const { url } = await world.service('plain');
    for (const [query, name] of [
      ['', 'username'],
      ['?password=x', 'username'],
      ['?username=alice', 'password'],
    ] as const) {
      const { status, text } = await ask(`${url}${FETCH_API_KEY}${query}`, { method: 'POST' });
      expect({ status, text }).toEqual({ status: 400, text: missing(name) });
    }
  },
  '1.5-02': async (world) => {
    const { url } = await world.service('emails');
    const { status, text, headers } = await signIn(url, 'alice');
    expect({ status, text }).toEqual({ status: 400, text: NO_EMAIL });
    expect(headers.has('x-ratelimit-limit')).toBe(false);
  },
  '1.5-03': isIncorrect(['alice', 'wrong'], ['nobody', 'wrong'], ['alice', ''], ['dup', 'dup-secret']),
  '1.5-04': async () => expect(await told('not-permitted')).toBe(INCORRECT),
  '1.5-05': async () => expect(await told('account-disabled')).toBe(DEACTIVATED),
  '1.5-08': async () => {
    expect(await told('password-expired')).toBe(RESET);
    expect(await told('password-must-change')).toBe(RESET);
    expect(await told('password-expired', 'wrong')).toBe(INCORRECT);
  },
  '1.5-10': async (world) => {
    const { url } = await world.service('limited');
    for (let time = 0; time < 5; time++) expect((await signIn(url, 'bob', 'wrong')).status).toBe(401);
    const { status, text } = await signIn(url, 'bob', 'wrong');
    expect(status).toBe(429);
    expect(text).toMatch(
      /^\{"result":"error","msg":"API usage exceeded rate limit","code":"RATE_LIMIT_HIT","retry-after":\d+(\.\d+)?\}\n$/,
    );
  },
  '1.5-11': async (world) => {
    const { url } = await world.service('plain');
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const { status, text, headers } = await ask(url + FETCH_API_KEY, { method });
      expect({ method, status, text }).toEqual({ method, status: 405, text: methodText('POST') });
      expect(headers.get('allow')).toBe('POST');
    }
    const head = await ask(url + FETCH_API_KEY, { method: 'HEAD' });
    expect([head.status, head.headers.get('allow'), head.text]).toEqual([405, 'POST', '']);
  },
  '1.5-12': async (world) => {
    const { url } = await world.service('plain');
    expect((await ask(url + FETCH_API_KEY)).headers.get('content-type')).toBe('application/json');
  },
  '1.5-13': async () => {
    const broken = async () => {
      throw new TypeError('a fault of ours');
    };
    const app = createMemoryApp({ wrap: (directory) => ({ ...directory, find: broken }) });
    const { status, text } = await signInInMemory(app, 'hamlet');
    expect([status, text]).toEqual([500, '{"result":"error","msg":"Internal server error"}\n']);
  },
  '1.5-14': async (world) => {
    const { url } = await world.service('plain');
    const answers = [
      await ask(url + FETCH_API_KEY, { method: 'POST' }),
      await signIn(url, 'nobody'),
      await ask(`${url}/api/v1/nothing`),
    ];
    for (const { headers, text, json } of answers) {
      expect(headers.get('content-type')).toBe('application/json');
      expect(text).toBe(`${JSON.stringify(json())}\n`);
    }
  },
  '1.5-15': async (world) => {
    const { url } = await world.service('plain');
    const { status, headers } = await signIn(url, 'alice', 'wrong');
    expect([status, headers.get('www-authenticate')]).toEqual([401, null]);
  },
  '1.5-16': async (world) => {
    const { url } = await world.service('emails');
    for (const no of ['alice', 'a@b', 'ä@b.co', 'alice@example.org ', '@example.org', ''])
      expect([no, (await signIn(url, no, 'x')).text]).toEqual([no, NO_EMAIL]);
    for (const email of ['a@localhost', "o'brien+x@example.org"])
      expect([email, (await signIn(url, email, 'x')).text]).toEqual([email, INCORRECT]);
  },
  '1.6-01': async () => {
    expect(await told('account-disabled', 'wrong')).toBe(INCORRECT);
    expect(await told('account-disabled')).toBe(DEACTIVATED);
  },
  '1.6-03': async () => expect(await told('not-permitted')).toBe(INCORRECT),
  '1.6-04': isIncorrect(['nobody', 'nobody-secret'], ['outsider', 'outsider-secret']),
  '1.6-05': isIncorrect(['no-mail', 'no-mail-secret']),
  '1.6-07': (world) => expectUnavailable(world, 'alice'),
  '1.6-08': (world) => expectUnavailable(world, 'alice@example.org'),
  '1.6-10': async () => {
    const states = [
      'account-disabled',
      'password-expired',
      'password-must-change',
      'account-locked',
    ] as const;
    for (const state of states) expect(await told(state, 'wrong')).toBe(INCORRECT);
  },
};
