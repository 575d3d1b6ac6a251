import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { FIRST_ID, MINUTE_MS, person } from '../memory-app.ts';
import { LOGIN, openBrowser, openSignedInBrowser, signInOnPage } from '../pages/browser.ts';
import { createPageApp } from '../pages/page-app.ts';

const SESSION = '__Host-latchkey_session';
const toLogin = { status: 303, headers: { location: LOGIN } };

describe('the account page', () => {
  it('shows whose key it is, and the key', async () => {
    const app = createPageApp();
    const { status, text } = await (await openSignedInBrowser(app)).get('/account');
    expect(status).toBe(200);
    expect(text).toContain('<dd>hamlet of Denmark</dd>');
    expect(text).toContain('<dd>hamlet@example.org</dd>');
    expect(text).toContain(`<dd>${FIRST_ID}</dd>`);
    expect(text).toContain(`<code class="mono">${await app.keyOf('hamlet')}</code>`);
    expect(text).toContain('value="••••••••••••••••••••••••••••••••"');
    for (const button of ['Show key', 'Copy key', 'Download zuliprc', 'Regenerate key', 'Sign out'])
      expect(text).toMatch(new RegExp(`<button type="(?:submit|button)"[^>]*>${button}</button>`));
  });

  it('shows the name of a person as text', async () => {
    const fullName = `<script>alert('x')</script>`;
    const app = createPageApp({ people: [person('hamlet', { fullName })] });
    const { text } = await (await openSignedInBrowser(app)).get('/account');
    expect(text).toContain('&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
    expect(text).not.toContain(fullName);
  });

  it('leads to the sign-in page without a session, and with one that was made up', async () => {
    const browser = openBrowser(createPageApp());
    expect(await browser.get('/account')).toMatchObject(toLogin);
    browser.cookies.set(SESSION, 'x'.repeat(43));
    expect(await browser.get('/account')).toMatchObject(toLogin);
  });

  it('is the page of the person who is signed in, and of nobody else', async () => {
    const app = createPageApp();
    const [hamlet, ophelia] = [await openSignedInBrowser(app), await openSignedInBrowser(app, 'ophelia')];
    expect((await hamlet.get('/account')).text).not.toContain('ophelia');
    expect((await ophelia.get('/account')).text).not.toContain('hamlet');
  });

  it('is there for a quarter of an hour', async () => {
    const app = createPageApp();
    const browser = await openSignedInBrowser(app);
    app.advance(15 * MINUTE_MS - 1);
    expect((await browser.get('/account')).status).toBe(200);
    app.advance(1);
    expect(await browser.get('/account')).toMatchObject(toLogin);
  });

  it('is gone when the key is regenerated elsewhere', async () => {
    const app = createPageApp();
    const browser = await openSignedInBrowser(app);
    await app.regenerateElsewhere('hamlet');
    expect(await browser.get('/account')).toMatchObject(toLogin);
    expect(await browser.submit('/account/zuliprc')).toMatchObject(toLogin);
  });

  it('is a page with 503 while the store is away, and there again afterwards', async () => {
    const app = createPageApp();
    const browser = await openSignedInBrowser(app);
    app.store.setAway('accounts');
    const { status, headers } = await browser.get('/account');
    expect([status, headers['retry-after'], headers['content-type']]).toEqual([
      503,
      '5',
      'text/html; charset=utf-8',
    ]);
    app.store.setAway('none');
    expect((await browser.get('/account')).status).toBe(200);
  });
});

describe('the download', () => {
  it('is the zuliprc of contract 4.4, to the byte', async () => {
    const app = createPageApp();
    const browser = await openSignedInBrowser(app);
    await browser.get('/account');
    const { status, headers, body } = await browser.submit('/account/zuliprc');
    expect(status).toBe(200);
    expect(headers['content-disposition']).toBe('attachment; filename="zuliprc"');
    expect(headers['cache-control']).toBe('no-store');
    expect(String(body)).toBe(
      `[api]\nemail=hamlet@example.org\nkey=${await app.keyOf('hamlet')}\nsite=https://chat.example.org\n`,
    );
  });
});

describe('to regenerate the key', () => {
  it('gives a new one at once, and keeps this browser alone signed in', async () => {
    const app = createPageApp();
    const [browser, other] = [await openSignedInBrowser(app), await openSignedInBrowser(app)];
    await browser.get('/account');
    const [key, session] = [await app.keyOf('hamlet'), browser.cookies.get(SESSION)];
    const { status, headers } = await browser.submit('/account/regenerate', { confirm: 'yes' });
    expect(status).toBe(303);
    const { text } = await browser.get(String(headers['location']));
    expect(text).toContain('You have a new API key.');
    const renewed = await app.keyOf('hamlet');
    expect(renewed).not.toBe(key);
    expect(text).toContain(renewed);
    expect(text).not.toContain(key);
    expect(browser.cookies.get(SESSION)).not.toBe(session);
    expect(await other.get('/account')).toMatchObject(toLogin);
  });

  it('needs to be confirmed', async () => {
    const app = createPageApp();
    const browser = await openSignedInBrowser(app);
    await browser.get('/account');
    const key = await app.keyOf('hamlet');
    const { status, text } = await browser.submit('/account/regenerate');
    expect(status).toBe(400);
    expect(text).toMatch(/role="alert" id="confirm-problem"/);
    expect(text).toMatch(/id="confirm"[^>]* aria-invalid="true" aria-describedby="confirm-problem"/);
    expect(await app.keyOf('hamlet')).toBe(key);
  });

  it('twice at the same moment makes one new key', async () => {
    const app = createPageApp();
    const browser = await openSignedInBrowser(app);
    await browser.get('/account');
    const send = () => browser.submit('/account/regenerate', { confirm: 'yes' });
    const places = (await Promise.all([send(), send()])).map(({ headers }) => headers['location']);
    expect(places.sort()).toEqual(['/account?new-key', LOGIN].sort());
  });
});

describe('to sign out', () => {
  it('ends the session here and in the store, and forgets the cookie', async () => {
    const app = createPageApp();
    const browser = await openSignedInBrowser(app);
    await browser.get('/account');
    const session = browser.cookies.get(SESSION) ?? '';
    expect(await browser.submit('/account/sign-out')).toMatchObject(toLogin);
    expect(browser.cookies.has(SESSION)).toBe(false);
    browser.cookies.set(SESSION, session);
    expect(await browser.get('/account')).toMatchObject(toLogin);
  });
});

describe('each form of the account', () => {
  it.each(['/account/zuliprc', '/account/regenerate', '/account/sign-out'])(
    'leads to the sign-in page without a session, and is only ever sent (%s)',
    async (path) => {
      const { listener } = createPageApp();
      await request(listener).post(path).expect(303).expect('Location', LOGIN);
      await request(listener).get(path).expect(405).expect('Allow', 'POST');
      await request(listener).post('/account').expect(405).expect('Allow', 'GET, HEAD');
    },
  );
});

describe('the key', () => {
  it('is in no address, no header and no line of the log, whatever the person does', async () => {
    const app = createPageApp();
    const browser = openBrowser(app);
    const answers = [await signInOnPage(browser), await browser.get('/account')];
    const key = await app.keyOf('hamlet');
    answers.push(await browser.submit('/account/zuliprc'));
    answers.push(await browser.submit('/account/regenerate', { confirm: 'yes' }));
    answers.push(await browser.get('/account'), await browser.submit('/account/sign-out'));
    const keys = [key, await app.keyOf('hamlet')];
    await app.log.requestLines(answers.length + 1);
    const seen = JSON.stringify([answers.map(({ headers }) => headers), app.log.lines()]);
    for (const one of keys) expect(seen).not.toContain(one);
  });
});
