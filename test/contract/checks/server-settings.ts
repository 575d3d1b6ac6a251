import { expect } from '@jest/globals';
import { ask, methodText } from '../ask.ts';
import { signIn } from '../sign-in.ts';
import type { ServiceName, World } from '../world.ts';
import type { Check, Checks } from './check.ts';

const SERVER_SETTINGS = '/api/v1/server_settings';

const METHODS = {
  password: true,
  dev: false,
  email: false,
  ldap: true,
  remoteuser: false,
  github: false,
  azuread: false,
  gitlab: false,
  google: false,
  apple: false,
  saml: false,
  'openid connect': false,
};

async function settings(world: World, name: ServiceName = 'plain'): Promise<Record<string, unknown>> {
  const { url } = await world.service(name);
  return (await ask(url + SERVER_SETTINGS)).json();
}

/** The fields, for a client that does not say who it is. */
const shows =
  (fields: Record<string, unknown>): Check =>
  async (world) =>
    expect(await settings(world)).toMatchObject(fields);

/** Whether emails are demanded, and what the person who signs in under each name is called. */
const demandsEmail =
  (name: ServiceName, demanded: boolean, ...people: [username: string, answer: string | number][]): Check =>
  async (world) => {
    expect((await settings(world, name))['require_email_format_usernames']).toBe(demanded);
    const { url } = await world.service(name);
    for (const [username, answer] of people) {
      const { status, json } = await signIn(url, username, 'alice-secret');
      expect([username, status === 200 ? json()['email'] : status]).toEqual([username, answer]);
    }
  };

const publicUrl = async (world: World) => (await world.service('plain')).url;

/** Sections 2.1 to 2.3. */
export const serverSettingsChecks: Checks = {
  '2.1-01': async (world) => {
    const { authentication_methods: methods } = await settings(world);
    expect(JSON.stringify(methods)).toBe(JSON.stringify(METHODS));
  },
  '2.1-02': shows({ zulip_version: '11.5' }),
  '2.1-03': shows({ zulip_merge_base: '11.5' }),
  '2.1-04': shows({ zulip_feature_level: 421 }),
  '2.1-05': shows({ push_notifications_enabled: false }),
  '2.1-06': async (world) => {
    const url = (await publicUrl(world)) + SERVER_SETTINGS;
    for (const [agent, incompatible] of [
      ['ZulipInvalid', true],
      ['ZulipInvalid/1.0 (test)', true],
      ['ZulipInvalidated/1.0', false],
      ['ZulipMobile/27.0', false],
    ] as const) {
      const { json } = await ask(url, { headers: { 'User-Agent': agent } });
      expect([agent, json()['is_incompatible']]).toEqual([agent, incompatible]);
    }
  },
  '2.1-07': shows({ email_auth_enabled: false }),
  '2.1-08': shows({ require_email_format_usernames: false }),
  '2.1-09': async (world) => shows({ realm_url: await publicUrl(world) })(world),
  '2.1-10': shows({ realm_name: 'Denmark' }),
  '2.1-11': async (world) => {
    expect(URL.canParse(String((await settings(world))['realm_icon']))).toBe(true);
  },
  '2.1-12': async (world) => {
    const { realm_description: description } = await settings(world);
    expect(description).toBe('<p>Something is &lt;rotten&gt; &amp; &quot;old&quot;</p>');
  },
  '2.1-13': shows({ realm_web_public_access_enabled: false }),
  '2.1-14': shows({ external_authentication_methods: [] }),
  '2.1-15': async (world) => {
    const { realm_uri: uri, realm_url: url } = await settings(world);
    expect(uri).toBe(url);
  },
  '2.1-16': async (world) => {
    const { authentication_methods: methods, external_authentication_methods: external } = await settings(
      world,
      'federated',
    );
    expect(methods).toEqual({ ...METHODS, remoteuser: true });
    expect(external).toEqual([
      {
        name: 'remoteuser',
        display_name: 'SSO',
        display_icon: null,
        login_url: '/accounts/login/start/sso/',
        signup_url: '/accounts/login/start/sso/',
      },
    ]);
  },
  '2.1-18': async (world) => {
    expect(Object.keys(await settings(world))).toEqual([
      ...['result', 'msg', 'authentication_methods'],
      ...['zulip_version', 'zulip_merge_base', 'zulip_feature_level'],
      ...['push_notifications_enabled', 'is_incompatible'],
      ...['email_auth_enabled', 'require_email_format_usernames'],
      ...['realm_url', 'realm_name', 'realm_icon', 'realm_description'],
      ...['realm_web_public_access_enabled', 'external_authentication_methods', 'realm_uri'],
    ]);
  },
  '2.1-20': async (world) => {
    const url = (await publicUrl(world)) + SERVER_SETTINGS;
    const { text } = await ask(url);
    for (const authorization of ['Basic %%%', 'Bearer nothing', 'x'])
      expect((await ask(url, { headers: { authorization } })).text).toBe(text);
  },
  '2.1-21': async (world) => {
    const url = (await publicUrl(world)) + SERVER_SETTINGS;
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, text, headers } = await ask(url, { method });
      expect([method, status, text]).toEqual([method, 405, methodText('GET', 'HEAD')]);
      expect(headers.get('allow')).toBe('GET, HEAD');
    }
  },
  '2.1-22': async (world) => {
    const url = (await publicUrl(world)) + SERVER_SETTINGS;
    expect((await ask(`${url}?zz=1`)).text).toBe((await ask(url)).text);
  },
  '2.1-23': async (world) => {
    const { authentication_methods: methods } = await settings(world, 'development');
    expect(methods).toEqual({ ...METHODS, dev: true });
  },
  '2.3-02': demandsEmail('emails', true, ['alice@example.org', 'alice@example.org'], ['alice', 400]),
  '2.3-03': demandsEmail('domain', false, ['alice', 'alice@corp.example']),
  '2.3-04': demandsEmail('attribute', false, ['alice', 'alice@example.org']),
  '2.3-05': demandsEmail('domainAndAttribute', false, ['alice', 'alice@corp.example']),
  '2.3-06': async (world) => {
    await demandsEmail('attribute', false, ['alice@example.org', 'alice@example.org'])(world);
    await demandsEmail('domain', false, ['alice@corp.example', 'alice@corp.example'])(world);
  },
  '2.3-07': demandsEmail('domain', false, ['alice@CORP.Example', 'alice@corp.example']),
};
