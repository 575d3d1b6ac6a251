import { describe, expect, it } from '@jest/globals';
import { PASSWORD } from './memory-app.ts';
import { type Browser, LOGIN, openBrowser, openSignedInBrowser } from './pages/browser.ts';
import { createPageApp } from './pages/page-app.ts';

const hamlet = { username: 'hamlet', password: PASSWORD };

/** Send the sign-in form with these headers and this token. */
async function send(browser: Browser, headers: Readonly<Record<string, string>>, csrf = browser.csrf()) {
  return browser.post(LOGIN, { ...hamlet, csrf }, headers);
}

describe('a form', () => {
  it.each([
    ['nothing about where it is from', {}],
    ['the origin of the realm', { Origin: 'https://chat.example.org' }],
    ['no origin, as our own referrer policy has it', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }],
  ])('is taken from the browser that was given it, which says %s', async (_case, headers) => {
    const browser = openBrowser(createPageApp());
    await browser.get(LOGIN);
    expect((await send(browser, headers)).status).toBe(303);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another site without an origin', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }],
    ['another origin', { Origin: 'https://evil.example' }],
    ['a neighbour of the realm', { Origin: 'https://chat.example.org.evil.example' }],
    ['the realm on another port', { Origin: 'https://chat.example.org:8443' }],
    ['the realm in clear', { Origin: 'http://chat.example.org' }],
  ])('is refused from %s, and nobody is asked', async (_case, headers) => {
    const app = createPageApp();
    const browser = openBrowser(app);
    await browser.get(LOGIN);
    expect((await send(browser, headers)).status).toBe(403);
    expect(app.directory.binds()).toBe(0);
  });

  it.each<[string, (browser: Browser, other: Browser) => string]>([
    ['no token', () => ''],
    ['a token that was made up', () => 'x'.repeat(43)],
    ['the token of another browser', (_browser, other) => other.csrf()],
    ['the cookie itself', (browser) => [...browser.cookies.values()][0] ?? ''],
  ])('is refused with %s, and comes back with one that is good', async (_case, token) => {
    const app = createPageApp();
    const [browser, other] = [openBrowser(app), openBrowser(app)];
    await browser.get(LOGIN);
    await other.get(LOGIN);
    const refused = await send(browser, {}, token(browser, other));
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('role="alert"');
    expect(refused.text).toContain('value="hamlet"');
    expect(refused.text).not.toContain(PASSWORD);
    expect(app.directory.binds()).toBe(0);
    expect((await app.log.requestLines(3)).at(-1)).toMatchObject({ status: 403, outcome: 'foreign-form' });
    expect((await send(browser, {})).status).toBe(303);
  });

  it('is refused without the field or the cookie', async () => {
    const app = createPageApp();
    const browser = openBrowser(app);
    await browser.get(LOGIN);
    expect((await browser.post(LOGIN, hamlet)).status).toBe(403);
    const token = browser.csrf();
    browser.cookies.clear();
    expect((await send(browser, {}, token)).status).toBe(403);
    expect(app.directory.binds()).toBe(0);
  });

  it('keeps its token for as long as the browser is open', async () => {
    const browser = openBrowser(createPageApp());
    await browser.get(LOGIN);
    const token = browser.csrf();
    const again = await browser.get(LOGIN);
    expect(browser.csrf()).toBe(token);
    expect(again.headers).not.toHaveProperty('set-cookie');
  });

  it.each(['/account/zuliprc', '/account/regenerate', '/account/sign-out'])(
    'of the account page is guarded too (%s)',
    async (path) => {
      const app = createPageApp();
      const browser = await openSignedInBrowser(app);
      await browser.get('/account');
      const [key, cookies] = [await app.keyOf('hamlet'), new Map(browser.cookies)];
      const unsigned = await browser.post(path, { confirm: 'yes' });
      const foreign = await browser.submit(path, { confirm: 'yes' }, { 'Sec-Fetch-Site': 'cross-site' });
      for (const { status, headers } of [unsigned, foreign]) {
        expect(status).toBe(403);
        expect(headers).not.toHaveProperty('content-disposition');
      }
      expect(await app.keyOf('hamlet')).toBe(key);
      expect(browser.cookies).toEqual(cookies);
      expect((await browser.get('/account')).status).toBe(200);
    },
  );
});
