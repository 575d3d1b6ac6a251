import { describe, expect, it } from '@jest/globals';
import request, { type Test } from 'supertest';
import type { RealmDescription } from '../../../src/http/routes/server-settings.ts';
import { createMemoryApp } from '../memory-app.ts';

const SETTINGS = '/api/v1/server_settings';

function settings(realm: Partial<RealmDescription> = {}, query = ''): Test {
  return request(createMemoryApp({ realm }).listener).get(`${SETTINGS}${query}`).expect(200);
}

describe('contract 2.1: what a client is told before it signs in', () => {
  it('stands in the order that Zulip emits', async () => {
    const { text, body, headers } = await settings();
    expect(text).toBe(
      '{"result":"success","msg":"",' +
        '"authentication_methods":{"password":true,"dev":false,"email":false,"ldap":true,"remoteuser":false,' +
        '"github":false,"azuread":false,"gitlab":false,"google":false,"apple":false,"saml":false,"openid connect":false},' +
        '"zulip_version":"11.5","zulip_merge_base":"11.5","zulip_feature_level":421,' +
        '"push_notifications_enabled":false,"is_incompatible":false,' +
        '"email_auth_enabled":false,"require_email_format_usernames":false,' +
        `"realm_url":"https://chat.example.org","realm_name":"Denmark","realm_icon":"${body.realm_icon}",` +
        '"realm_description":"<p>Something is rotten</p>","realm_web_public_access_enabled":false,' +
        '"external_authentication_methods":[],"realm_uri":"https://chat.example.org"}\n',
    );
    expect(headers['content-type']).toBe('application/json');
  });

  it('gives an icon that a client can load from where it is', async () => {
    const { body } = await settings();
    expect(body.realm_icon).toMatch(/^https:\/\/secure\.gravatar\.com\/avatar\/[0-9a-f]{64}\?/);
  });

  it('says where usernames must be emails, and which Zulip is claimed', async () => {
    const { body } = await settings({ requireEmail: true, version: '12.0', featureLevel: 459 });
    expect(body).toMatchObject({
      require_email_format_usernames: true,
      zulip_version: '12.0',
      zulip_merge_base: '12.0',
      zulip_feature_level: 459,
    });
  });

  it('makes HTML of the description, in which nothing of it is markup', async () => {
    const { body } = await settings({ description: `<b title="x">Tom's & "Jerry"</b> $& &amp;` });
    expect(body.realm_description).toBe(
      '<p>&lt;b title=&quot;x&quot;&gt;Tom&#39;s &amp; &quot;Jerry&quot;&lt;/b&gt; $&amp; &amp;amp;</p>',
    );
  });

  it.each([
    ['', ''],
    [' \n\n ', ''],
    ['One.\n\nTwo.', '<p>One.</p>\n<p>Two.</p>'],
    ['One.\r\n\r\nTwo.', '<p>One.</p>\n<p>Two.</p>'],
    ['\n\nOne.\n \t\n\n\nTwo.\n', '<p>One.</p>\n<p>Two.</p>'],
    ['One\nline & another', '<p>One<br>\nline &amp; another</p>'],
    ['See https://example.org/?a=1', '<p>See https://example.org/?a=1</p>'],
    ['**not** *markup* [a](javascript:b)', '<p>**not** *markup* [a](javascript:b)</p>'],
  ])('makes paragraphs of the description %j', async (description, html) => {
    const { body } = await settings({ description });
    expect(body.realm_description).toBe(html);
  });

  it('leaves the name as it is: it is text, not HTML', async () => {
    const { body } = await settings({ name: 'Rosencrantz & <Guildenstern>' });
    expect(body.realm_name).toBe('Rosencrantz & <Guildenstern>');
  });

  it.each([
    ['ZulipInvalid/5.0', true],
    ['ZulipInvalid', true],
    ['ZulipInvalid/1.0 (Linux)', true],
    ['ZulipInvalidX/5.0', false],
    ['zulipinvalid/5.0', false],
    ['ZulipMobile/30.0 (Android 14)', false],
    ['x ZulipInvalid/5.0', false],
    ['', false],
  ])('tells the client %j whether it is too old: %s', async (agent, isIncompatible) => {
    const { body } = await settings().set('User-Agent', agent);
    expect(body.is_incompatible).toBe(isIncompatible);
  });

  it('never names parameters that were ignored', async () => {
    const { body } = await settings({}, '?extra=1');
    expect(body).not.toHaveProperty('ignored_parameters_unsupported');
  });

  it('looks at no credentials and needs neither directory nor store', async () => {
    const app = createMemoryApp();
    app.directory.setAway(true);
    app.store.setAway('both');
    await request(app.listener).get(SETTINGS).set('Authorization', 'Bearer x').expect(200);
  });

  it('is told to HEAD by the headers alone', async () => {
    const { listener } = createMemoryApp();
    const { text } = await request(listener).get(SETTINGS);
    const head = await request(listener).head(SETTINGS).expect(200);
    expect(head.text).toBeUndefined();
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(text)));
  });
});

describe('contract 2.1: external_authentication_methods', () => {
  it('has the sign-in by a gateway where it is on, and authentication_methods says so', async () => {
    const { text, body } = await settings({ sso: true });
    expect(text).toContain(
      '"external_authentication_methods":[{"name":"remoteuser","display_name":"SSO","display_icon":null,' +
        '"login_url":"/accounts/login/start/sso/","signup_url":"/accounts/login/start/sso/"}],' +
        '"realm_uri":"https://chat.example.org"}\n',
    );
    expect(body.authentication_methods).toMatchObject({ remoteuser: true, ldap: true, dev: false });
  });

  it('is empty where it is off', async () => {
    const { body } = await settings({ sso: false });
    expect(body.external_authentication_methods).toEqual([]);
    expect(body.authentication_methods.remoteuser).toBe(false);
  });
});

describe('contract 2.1: settings that show', () => {
  it('the development endpoints are an authentication method where they are there', async () => {
    const { body } = await settings({ development: true });
    expect(body.authentication_methods).toMatchObject({ dev: true, password: true, email: false });
  });

  it('the icon is the one of the settings', async () => {
    const { body } = await settings({ icon: 'https://example.org/icon.png?a=1&b=2' });
    expect(body.realm_icon).toBe('https://example.org/icon.png?a=1&b=2');
  });
});

describe('contract 2.3: require_email_format_usernames', () => {
  // Latchkey always has a source of emails, so the rows without one differ by the setting alone.
  it.each([
    ['LDAP, email from a domain or an attribute', false],
    ['an email is demanded (REQUIRE_EMAIL_FORMAT_USERNAMES)', true],
  ])('%s: %s', async (_row, requireEmail) => {
    const { body } = await settings({ requireEmail });
    expect(body.require_email_format_usernames).toBe(requireEmail);
    expect(body.email_auth_enabled).toBe(false);
  });
});
