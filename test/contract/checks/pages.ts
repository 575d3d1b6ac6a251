import { expect } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Answer, ask, errorText } from '../ask.ts';
import { decodeKey, decodeToken, PAD, UPPER_PAD } from '../otp.ts';
import { createPageClient, type PageClient } from '../page-client.ts';
import { fetchKey } from '../sign-in.ts';
import { type ServiceName, SSO_HEADER, SSO_SECRET, type World } from '../world.ts';
import type { Check, Checks } from './check.ts';

const LOGIN = '/accounts/login/';
const SSO_PATHS = ['/accounts/login/sso/', '/accounts/login/start/sso/'];

/** What the gateway adds once it has signed alice in. */
const GATEWAY = { 'Remote-User': 'alice', [SSO_HEADER]: SSO_SECRET };

/** Someone who has the sign-in page open, with this query. */
async function atSignIn(world: World, query: string, name: ServiceName = 'plain'): Promise<PageClient> {
  const client = createPageClient((await world.service(name)).url);
  await client.open(`${LOGIN}?${query}`);
  return client;
}

/** Alice signs in on the page with this query. */
async function signInAsAlice(world: World, query: string): Promise<{ client: PageClient; answer: Answer }> {
  const client = await atSignIn(world, query);
  return { client, answer: await client.press('Sign in', { username: 'alice', password: 'alice-secret' }) };
}

const parameters = ({ headers }: Answer) => new URL(headers.get('location') ?? '').searchParams;

/** The text that a desktop's person is to copy. */
function pasted({ text }: Answer): string {
  const [found = ''] = /\b[0-9a-f]{120}\b/.exec(text) ?? [];
  return found;
}

async function desktopToken(world: World): Promise<string> {
  return decodeToken(pasted((await signInAsAlice(world, `desktop_flow_otp=${PAD}`)).answer), PAD);
}

/** Follow redirections inside the service, as the gateway's browser does, until one leads elsewhere. */
async function throughGateway(url: string, path: string): Promise<Answer> {
  const answer = await ask(new URL(path, url).href, { headers: GATEWAY });
  const location = answer.headers.get('location') ?? '';
  return location.startsWith('/') ? throughGateway(url, location) : answer;
}

/** Every page that takes a pad refuses this query with this message. */
const refusesPad =
  (msg: string, ...queries: string[]): Check =>
  async (world) => {
    const { url } = await world.service('federated');
    for (const path of [LOGIN, ...SSO_PATHS]) {
      for (const query of queries) {
        const { status, text } = await throughGateway(url, `${path}?${query}`);
        expect({ path, query, status, text }).toEqual({
          ...{ path, query, status: 400 },
          text: errorText(msg, 'BAD_REQUEST'),
        });
      }
    }
  };

/** Section 7. */
export const pagesChecks: Checks = {
  '7.1-01': async (world) => {
    const key = await fetchKey((await world.service('plain')).url, 'alice');
    for (const pad of [PAD, UPPER_PAD, UPPER_PAD.toLowerCase()]) {
      const { answer } = await signInAsAlice(world, `mobile_flow_otp=${pad}`);
      expect(decodeKey(parameters(answer).get('otp_encrypted_api_key') ?? '', pad)).toBe(key);
    }
  },
  '7.1-02': refusesPad(
    'Invalid OTP',
    ...['', 'x', PAD.slice(1), `${PAD}0`, `${PAD.slice(1)}g`].map((pad) => `mobile_flow_otp=${pad}`),
    `desktop_flow_otp=${PAD.slice(1)}`,
  ),
  '7.1-03': refusesPad(
    "Can't use both mobile_flow_otp and desktop_flow_otp together.",
    `mobile_flow_otp=${PAD}&desktop_flow_otp=${PAD}`,
  ),
  '7.1-04': async (world) => {
    const { url } = await world.service('federated');
    const settings = (await ask(`${url}/api/v1/server_settings`)).json();
    const [method] = settings['external_authentication_methods'] as { login_url: string }[];
    const opened = new URL(method?.login_url ?? '', String(settings['realm_url']));
    opened.search = `?mobile_flow_otp=${PAD}`;
    const { headers } = await throughGateway(url, opened.pathname + opened.search);
    expect(headers.get('location')).toMatch(/^zulip:\/\/login\?/);
  },
  '7.1-05': async (world) => {
    const client = await atSignIn(world, `mobile_flow_otp=${PAD}`);
    await client.press('Sign in', { username: 'alice', password: 'wrong' });
    const { status } = await client.press('Sign in', { username: 'alice', password: 'alice-secret' });
    expect([status, parameters(client.page()).get('email')]).toEqual([302, 'alice@example.org']);
  },
  '7.1-06': async (world) => {
    const client = await atSignIn(world, `mobile_flow_otp=${PAD}`);
    const form = {
      username: 'o\'brien, pat+x "q" #1 \\ <a>;=',
      password: 'o\'brien, pat+x "q" #1 \\ <a>;=-secret',
    };
    const { status, headers } = await client.press('Sign in', form);
    const { url } = await world.service('plain');
    const { href, searchParams } = new URL(headers.get('location') ?? '');
    expect([status, href.split('?')[0]]).toEqual([302, 'zulip://login']);
    expect([...searchParams.keys()]).toEqual(['otp_encrypted_api_key', 'email', 'user_id', 'realm']);
    expect(headers.get('location')).toMatch(
      new RegExp(`&email=pat%40example\\.org&user_id=\\d+&realm=${encodeURIComponent(url)}$`),
    );
  },
  '7.1-07': async (world) => {
    const { client } = await signInAsAlice(world, `mobile_flow_otp=${PAD}`);
    const { status } = await client.open('/account');
    expect(status).not.toBe(200);
  },
  '7.1-08': async (world) => {
    const { url } = await world.service('plain');
    const { realm_uri: uri } = (await ask(`${url}/api/v1/server_settings`)).json();
    const { answer } = await signInAsAlice(world, `mobile_flow_otp=${PAD}`);
    expect(parameters(answer).get('realm')).toBe(uri);
  },
  '7.1-11': async (world) => {
    const { answer } = await signInAsAlice(world, `mobile_flow_otp=${PAD}`);
    expect(parameters(answer).get('otp_encrypted_api_key')).toMatch(/^[0-9a-f]{64}$/);
  },
  '7.1-12': async (world) => {
    const { url } = await world.service('federated');
    const key = await fetchKey(url, 'alice');
    for (const path of SSO_PATHS) {
      const answer = await throughGateway(url, `${path}?mobile_flow_otp=${PAD}`);
      expect(answer.status).toBe(302);
      expect(decodeKey(parameters(answer).get('otp_encrypted_api_key') ?? '', PAD)).toBe(key);
    }
  },
  '7.1-14': async (world) => {
    const { answer } = await signInAsAlice(world, `mobile_flow_otp=${PAD}`);
    expect([answer.status, parameters(answer).get('email')]).toEqual([302, 'alice@example.org']);
  },
  '7.2-01': async (world) => {
    const { answer } = await signInAsAlice(world, `desktop_flow_otp=${PAD}`);
    expect(decodeToken(pasted(answer), PAD)).toHaveLength(32);
    expect(() => decodeToken(pasted(answer), UPPER_PAD)).toThrow();
  },
  '7.2-02': async (world) => {
    const { answer } = await signInAsAlice(world, `desktop_flow_otp=${PAD}`);
    expect([answer.status, pasted(answer).length]).toEqual([200, 2 * (12 + 32 + 16)]);
    expect(answer.headers.get('cache-control')).toContain('no-store');
  },
  '7.2-03': async (world) => expect(await desktopToken(world)).toMatch(/^[A-Za-z0-9]{32}$/),
  '7.2-04': async (world) => {
    const client = createPageClient((await world.service('plain')).url);
    const { status, headers } = await client.open(`/accounts/login/subdomain/${await desktopToken(world)}`);
    expect([status, headers.get('location')]).toEqual([303, '/account']);
    expect(await client.open('/account')).toMatchObject({
      status: 200,
      text: expect.stringContaining('alice@example.org'),
    });
  },
  '7.2-05': async (world) => {
    const { url } = await world.service('plain');
    const redis = new Redis(world.stack.redis.url);
    try {
      const before = await redis.keys('plain:*');
      const token = await desktopToken(world);
      const made = (await redis.keys('plain:*')).filter((key) => !before.includes(key));
      const lifetimes = await Promise.all(made.map((key) => redis.pttl(key)));
      expect(lifetimes.filter((ms) => ms > 0 && ms <= 15_000)).toHaveLength(1);
      const once = await ask(`${url}/accounts/login/subdomain/${token}`);
      const twice = await ask(`${url}/accounts/login/subdomain/${token}`);
      expect([once.status, twice.status]).toEqual([303, 400]);
    } finally {
      redis.disconnect();
    }
  },
  '7.2-06': async (world) => {
    const { url } = await world.service('plain');
    for (const token of ['x', 'A'.repeat(31), 'A'.repeat(33), `${'A'.repeat(31)}-`])
      expect(await ask(`${url}/accounts/login/subdomain/${token}`)).toMatchObject({ status: 400, text: '' });
  },
  '7.2-07': async (world) => {
    const { url } = await world.service('plain');
    const { status, headers } = await ask(`${url}/accounts/login/subdomain/${'A'.repeat(32)}`);
    expect([status, headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
  },
};
