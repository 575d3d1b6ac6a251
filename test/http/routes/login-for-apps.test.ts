import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { FIRST_ID, PASSWORD } from '../memory-app.ts';
import { type Browser, LOGIN, openBrowser } from '../pages/browser.ts';
import { createPageApp } from '../pages/page-app.ts';

const pad = '1234ABCD'.repeat(8);
const hamlet = { username: 'hamlet', password: PASSWORD };

/** Open the page as an app does, and send the form with the hidden fields that it has. */
async function signInForApp(
  browser: Browser,
  flow: string,
  fields: Readonly<Record<string, string>> = hamlet,
) {
  const { text } = await browser.get(`${LOGIN}?${flow}=${pad}`);
  const [, name = '', value = ''] = /name="(\w+_flow_otp)" value="(\w+)"/.exec(text) ?? [];
  return browser.submit(LOGIN, { ...fields, [name]: value });
}

/** What the desktop app does with the text that was copied (contract 7.2). */
function open(sealed: string): string {
  const bytes = Buffer.from(sealed, 'hex');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(pad, 'hex'), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
}

const sealedIn = (text: string) => /id="desktop-token"[^>]* value="([0-9a-f]+)"/.exec(text)?.[1] ?? '';

describe('a sign-in for the mobile app', () => {
  it('ends in the app, with the key that its pad alone opens, and leaves the browser nothing', async () => {
    const app = createPageApp();
    const browser = openBrowser(app);
    const { status, headers, text } = await signInForApp(browser, 'mobile_flow_otp');
    expect([status, text]).toEqual([302, '']);
    const location = String(headers['location']);
    const [, sealed = '', rest] =
      /^zulip:\/\/login\?otp_encrypted_api_key=([0-9a-f]{64})&(.*)$/.exec(location) ?? [];
    expect(rest).toBe(`email=hamlet%40example.org&user_id=${FIRST_ID}&realm=https%3A%2F%2Fchat.example.org`);
    const padBytes = Buffer.from(pad, 'hex');
    const key = Buffer.from(sealed, 'hex').map((byte, at) => byte ^ (padBytes[at] ?? 0));
    expect(Buffer.from(key).toString()).toBe(await app.keyOf('hamlet'));
    expect(headers['cache-control']).toBe('no-store');
    expect([...browser.cookies.keys()]).toEqual(['__Host-latchkey_csrf']);
  });

  it('keeps the pad when the form comes back', async () => {
    const browser = openBrowser(createPageApp());
    const refused = await signInForApp(browser, 'mobile_flow_otp', { ...hamlet, password: 'wrong' });
    expect(refused.status).toBe(401);
    expect(refused.text).toContain(`<input type="hidden" name="mobile_flow_otp" value="${pad}">`);
    const { status } = await browser.submit(LOGIN, { ...hamlet, mobile_flow_otp: pad });
    expect(status).toBe(302);
  });
});

describe('a sign-in for the desktop app', () => {
  it('shows a token that the pad opens, which signs the app in once', async () => {
    const app = createPageApp();
    const browser = openBrowser(app);
    const { status, text, headers } = await signInForApp(browser, 'desktop_flow_otp');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect([...browser.cookies.keys()]).toEqual(['__Host-latchkey_csrf']);
    const sealed = sealedIn(text);
    expect(sealed).toHaveLength(120);
    const token = open(sealed);
    expect(token).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(text).not.toContain(token);
    const desktop = openBrowser(app);
    const taken = await desktop.get(`/accounts/login/subdomain/${token}`);
    expect([taken.status, taken.headers['location']]).toEqual([303, '/account']);
    expect((await desktop.get('/account')).text).toContain('hamlet@example.org');
    expect((await openBrowser(app).get(`/accounts/login/subdomain/${token}`)).status).toBe(400);
  });

  it('never uses an initialisation vector again', async () => {
    const browser = openBrowser(createPageApp());
    const first = sealedIn((await signInForApp(browser, 'desktop_flow_otp')).text);
    const second = sealedIn((await signInForApp(browser, 'desktop_flow_otp')).text);
    expect(second.slice(0, 24)).not.toBe(first.slice(0, 24));
  });
});

describe('a pad', () => {
  const both = `mobile_flow_otp=${pad}&desktop_flow_otp=${pad}`;

  it.each([
    ['mobile_flow_otp=x', 'Invalid OTP'],
    [`desktop_flow_otp=${pad.slice(1)}`, 'Invalid OTP'],
    [`desktop_flow_otp=${pad}"><script>`, 'Invalid OTP'],
    [both, "Can't use both mobile_flow_otp and desktop_flow_otp together."],
  ])('is answered 400 JSON as %s, on the page and in the form alike', async (query, msg) => {
    const app = createPageApp();
    const browser = openBrowser(app);
    await browser.get(LOGIN);
    const fields = Object.fromEntries(new URLSearchParams(query));
    const answers = [
      await browser.get(`${LOGIN}?${query}`),
      await browser.submit(LOGIN, { ...hamlet, ...fields }),
    ];
    for (const { status, text, headers } of answers) {
      expect(status).toBe(400);
      expect(headers['content-type']).toBe('application/json');
      expect(text).toBe(`{"result":"error","msg":"${msg}","code":"BAD_REQUEST"}\n`);
    }
    expect(app.directory.binds()).toBe(0);
  });
});
