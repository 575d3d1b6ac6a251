import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import zulip from 'zulip-js';
import { type Answer, ask, basic } from './ask.ts';
import { decodeKey, PAD } from './otp.ts';
import { createPageClient } from './page-client.ts';
import { startWorld, type World } from './world.ts';

const FORM = 'application/x-www-form-urlencoded';

/** The requests of Zulip's clients as they send them, and what they demand of the answers. */
describe('a Zulip client', () => {
  let world: World;
  let url: string;

  beforeAll(async () => {
    world = await startWorld();
    ({ url } = await world.service('plain'));
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });

  const serverSettings = (headers: Record<string, string> = {}) =>
    ask(`${url}/api/v1/server_settings`, { headers });
  const realmUri = async () => String((await serverSettings()).json()['realm_uri']);
  const fetchApiKey = async (form: Record<string, string>, type = FORM): Promise<Answer> =>
    ask(`${await realmUri()}/api/v1/fetch_api_key`, {
      headers: { 'Content-Type': type },
      body: new URLSearchParams(form).toString(),
    });

  describe('zulip-terminal', () => {
    test.each([
      ['realm_uri', 'string'],
      ['require_email_format_usernames', 'boolean'],
      ['email_auth_enabled', 'boolean'],
    ])('finds %s in the settings of a server that answers exactly 200', async (field, type) => {
      const { status, json } = await serverSettings({ 'User-Agent': 'ZulipTerminal/0.7.0' });
      expect([status, typeof json()[field]]).toEqual([200, type]);
    });

    test('asks for a username or an email, for both work', async () => {
      const settings = (await serverSettings()).json();
      expect(settings).toMatchObject({ require_email_format_usernames: false, email_auth_enabled: false });
    });

    test.each(['alice', 'alice@example.org', 'ALICE'])(
      'signs in as %s, keeps what was typed beside the key, and is let in with it',
      async (typed) => {
        const { status, json } = await fetchApiKey({ username: typed, password: 'alice-secret' });
        expect(status).toBe(200);
        const authorization = basic(typed, String(json()['api_key']));
        const headers = { authorization, 'User-Agent': 'ZulipTerminal/0.7.0 (Linux; 6.1)' };
        expect((await ask(`${url}/api/v1/users/me`, { headers })).json()).toMatchObject({
          result: 'success',
          email: 'alice@example.org',
        });
      },
    );

    test('asks again after anything but 200', async () => {
      expect((await fetchApiKey({ username: 'alice', password: 'wrong' })).status).toBe(401);
    });
  });

  describe('python-zulip-api', () => {
    const agent = { 'User-Agent': 'ZulipPython/0.9.1 (Linux; 6.1)' };

    test('asks for the settings with its credentials, and finds the version', async () => {
      const { json } = await fetchApiKey({ username: 'alice', password: 'alice-secret' });
      const authorization = basic('alice@example.org', String(json()['api_key']));
      for (const header of [authorization, basic('nobody@example.org', 'x')]) {
        const settings = await serverSettings({ ...agent, authorization: header });
        expect([settings.status, settings.json()['zulip_version']]).toEqual([200, '11.5']);
        expect(settings.json()['zulip_feature_level']).toEqual(expect.any(Number));
      }
    });

    test('gets a refusal as an object', async () => {
      const authorization = basic('alice@example.org', 'A'.repeat(32));
      const refused = await ask(`${url}/api/v1/users/me`, { headers: { ...agent, authorization } });
      expect(refused.json()).toMatchObject({ result: 'error', msg: 'Invalid API key' });
    });

    test('repeats with one parameter more, which changes nothing', async () => {
      const { json } = await fetchApiKey({ username: 'alice', password: 'alice-secret' });
      const authorization = basic('alice@example.org', String(json()['api_key']));
      const path = `${url}/api/v1/users/me?dont_block=true`;
      expect((await ask(path, { headers: { ...agent, authorization } })).status).toBe(200);
    });
  });

  describe('zulip-flutter', () => {
    const agent = { 'User-Agent': 'ZulipFlutter/30.0.274+274 (Android 14)' };

    test.each([
      ['zulip_feature_level', 'number'],
      ['zulip_version', 'string'],
      ['zulip_merge_base', 'string'],
      ['push_notifications_enabled', 'boolean'],
      ['is_incompatible', 'boolean'],
      ['email_auth_enabled', 'boolean'],
      ['require_email_format_usernames', 'boolean'],
      ['realm_uri', 'string'],
      ['realm_name', 'string'],
      ['realm_icon', 'string'],
      ['realm_description', 'string'],
      ['realm_web_public_access_enabled', 'boolean'],
    ])('finds %s in the settings, a %s', async (field, type) => {
      expect(typeof (await serverSettings(agent)).json()[field]).toBe(type);
    });

    test('shows its password form, and takes the feature level', async () => {
      const settings = (await serverSettings(agent)).json();
      expect(settings).toMatchObject({ authentication_methods: { ldap: true }, is_incompatible: false });
      expect(settings['zulip_feature_level']).toBeGreaterThanOrEqual(371);
    });

    test('shows a button for each other method, of which it demands five fields', async () => {
      const federated = await world.service('federated');
      const settings = (await ask(`${federated.url}/api/v1/server_settings`, { headers: agent })).json();
      const string = expect.any(String);
      expect(settings['external_authentication_methods']).toEqual([
        { name: string, display_name: string, display_icon: null, login_url: string, signup_url: string },
      ]);
    });

    test('signs in with the username trimmed and the password as it is: exactly 200, with email and user_id', async () => {
      const password = 'pässwörd with spaces ';
      const { status, json } = await fetchApiKey({ username: ' spacey '.trim(), password });
      expect(status).toBe(200);
      expect(json()).toMatchObject({ api_key: expect.any(String), email: 'spacey@example.org' });
      expect(Number.isInteger(json()['user_id'])).toBe(true);
    });

    test('shows the message of a refusal, which is a 4xx with msg and code', async () => {
      const { status, json } = await fetchApiKey({ username: 'alice', password: 'wrong' });
      expect([status, json()]).toEqual([
        401,
        {
          result: 'error',
          msg: 'Your username or password is incorrect',
          code: 'AUTHENTICATION_FAILED',
        },
      ]);
    });

    test('finds its way back from the browser, to an account of the realm that it asked', async () => {
      const client = createPageClient(url);
      await client.open(`/accounts/login/?mobile_flow_otp=${PAD}`);
      const form = { username: 'alice', password: 'alice-secret' };
      const { headers } = await client.press('Sign in', form);
      const { protocol, host, searchParams } = new URL(headers.get('location') ?? '');
      expect([protocol, host]).toEqual(['zulip:', 'login']);
      expect(new URL(searchParams.get('realm') ?? '').origin).toBe(new URL(await realmUri()).origin);
      expect(searchParams.get('user_id')).toMatch(/^\d+$/);
      const key = decodeKey(searchParams.get('otp_encrypted_api_key') ?? '', PAD);
      const authorization = basic(searchParams.get('email') ?? '', key);
      expect((await ask(`${url}/api/v1/users/me`, { headers: { authorization } })).status).toBe(200);
    });
  });

  describe('zulip-js', () => {
    test.each(['alice', 'alice@example.org'])('signs in as %s and goes on with the key', async (username) => {
      const client = await zulip({ realm: await realmUri(), username, password: 'alice-secret' });
      expect(await client.users.me.getProfile()).toMatchObject({ email: 'alice@example.org' });
      expect(await client.server.settings()).toMatchObject({ result: 'success', realm_uri: url });
    });

    test('reads the refusals that follow on a wrong password, which it does not notice', async () => {
      const client = await zulip({ realm: url, username: 'alice', password: 'wrong' });
      expect(client.config.apiKey).toBeUndefined();
      expect(await client.users.me.getProfile()).toMatchObject({ msg: 'Malformed API key' });
      expect(await client.server.settings()).toMatchObject({ result: 'success' });
    });
  });

  describe('zulip-mobile, the legacy app', () => {
    test('finds what it needs in the settings', async () => {
      const settings = (await serverSettings({ 'User-Agent': 'ZulipMobile/27.231' })).json();
      expect(settings).toMatchObject({
        zulip_version: expect.stringMatching(/^(?:[7-9]|\d{2,})\./),
        realm_name: expect.any(String),
        realm_uri: url,
        authentication_methods: expect.any(Object),
        external_authentication_methods: expect.any(Array),
      });
    });

    test('signs in with a charset behind the content type', async () => {
      const form = { username: 'alice', password: 'alice-secret' };
      const { status, json } = await fetchApiKey(form, `${FORM}; charset=utf-8`);
      expect([status, json()['email']]).toEqual([200, 'alice@example.org']);
    });
  });
});
