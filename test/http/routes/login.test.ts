import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { PASSWORD, person } from '../memory-app.ts';
import { LOGIN, openBrowser, openSignedInBrowser, signInOnPage } from '../pages/browser.ts';
import { createPageApp } from '../pages/page-app.ts';

describe('the sign-in page', () => {
  it('asks for username and password, in a form that works without a script', async () => {
    const { status, text, headers } = await openBrowser(createPageApp()).get(LOGIN);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('<title>Sign in · Denmark</title>');
    expect(text).toContain('<form method="post" action="/accounts/login/">');
    expect(text).toMatch(
      /<label for="username">Email or username<\/label>\s*<input id="username" name="username" type="text"/,
    );
    expect(text).toMatch(
      /<input id="password" name="password" type="password" autocomplete="current-password"/,
    );
    expect(text).toMatch(/<input type="hidden" name="csrf" value="[\w-]{43}">/);
    expect(text).not.toContain('role="alert"');
    expect(text).not.toContain('flow_otp');
  });

  it('asks for an email where one is demanded', async () => {
    const app = createPageApp({ realm: { requireEmail: true } });
    const browser = openBrowser(app);
    expect((await browser.get(LOGIN)).text).toContain('<label for="username">Email</label>');
    const refused = await browser.submit(LOGIN, { username: 'hamlet', password: PASSWORD });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Enter a valid email address.');
    expect(app.directory.binds()).toBe(0);
    const { status } = await browser.submit(LOGIN, { username: 'hamlet@example.org', password: PASSWORD });
    expect(status).toBe(303);
  });

  it.each(['PUT', 'DELETE', 'OPTIONS'] as const)(
    'answers %s with the methods that there are',
    async (method) => {
      const { listener } = createPageApp();
      const agent = request(listener);
      const ask = { PUT: agent.put, DELETE: agent.delete, OPTIONS: agent.options }[method];
      const { status, headers } = await ask.call(agent, LOGIN);
      expect(status).toBe(405);
      expect(headers['allow']).toBe('GET, HEAD, POST');
    },
  );
});

describe('a sign-in on the page', () => {
  it('opens a session and shows the account', async () => {
    const app = createPageApp();
    const { status, headers, text } = await signInOnPage(openBrowser(app));
    expect([status, headers['location'], text]).toEqual([303, '/account', '']);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-ratelimit-limit']).toBe('5');
    expect(String(headers['set-cookie'])).toMatch(
      /^__Host-latchkey_session=[\w-]{43}; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const [, line] = await app.log.requestLines(2);
    expect(line).toMatchObject({ path: LOGIN, status: 303, outcome: 'accepted', userId: expect.any(Number) });
  });

  it('opens a session of its own each time, on http too', async () => {
    const app = createPageApp({ realm: { publicUrl: 'http://localhost:8080' } });
    const [one, other] = [await openSignedInBrowser(app), await openSignedInBrowser(app)];
    const id = one.cookies.get('latchkey_session');
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(other.cookies.get('latchkey_session')).not.toBe(id);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['an empty one', { password: '' }],
    ['a person whom nobody knows', { username: 'yorick' }],
    ['no username', { username: '' }],
  ])('comes back with 401 for %s, filled in but for the password', async (_case, fields) => {
    const browser = openBrowser(createPageApp());
    const { status, text } = await signInOnPage(browser, fields);
    expect(status).toBe(401);
    expect(text).toContain('role="alert" id="problem"><p>Your username or password is incorrect</p>');
    expect(text).toContain('<title>Error: Sign in · Denmark</title>');
    expect(text).toContain(`value="${{ username: 'hamlet', ...fields }.username}" autocomplete="username"`);
    expect(text).toMatch(/name="password"[^>]* aria-invalid="true" aria-describedby="problem"/);
    expect(text).not.toContain(PASSWORD);
    expect([...browser.cookies.keys()]).toEqual(['__Host-latchkey_csrf']);
  });

  it('tells a person whose password is accepted what is wrong with it, and where to set a new one', async () => {
    const people = [person('hamlet', {}, 'password-expired')];
    const passwordResetUrl = 'https://password.example.org/?a=1&b=2';
    const { status, text } = await signInOnPage(openBrowser(createPageApp({ people, passwordResetUrl })));
    expect(status).toBe(401);
    expect(text).toContain('Your password has been disabled and needs to be reset');
    expect(text).toContain('<a href="https://password.example.org/?a=1&amp;b=2">');
    const without = await signInOnPage(openBrowser(createPageApp({ people })));
    expect(without.text).not.toContain('<a ');
  });

  it('tells a person whose account is disabled, and shows no reset link to those whom it would not help', async () => {
    const people = [person('hamlet', {}, 'account-disabled'), person('ophelia')];
    const app = createPageApp({ people, passwordResetUrl: 'https://password.example.org/' });
    const disabled = await signInOnPage(openBrowser(app));
    expect(disabled.status).toBe(401);
    expect(disabled.text).toContain('Account is deactivated');
    const wrong = await signInOnPage(openBrowser(app), { username: 'ophelia', password: 'wrong' });
    expect(disabled.text + wrong.text).not.toContain('password.example.org');
  });

  it('tells a person who comes outside their hours, for which the contract has no words', async () => {
    const people = [person('hamlet', {}, 'outside-logon-hours')];
    const { status, text } = await signInOnPage(openBrowser(createPageApp({ people })));
    expect(status).toBe(401);
    expect(text).toContain('Your account may not sign in at this time.');
  });

  it('says 503 and to try later while the directory is away, and keeps what was typed', async () => {
    const app = createPageApp();
    app.directory.setAway(true);
    const { status, headers, text } = await signInOnPage(openBrowser(app));
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('5');
    expect(text).toContain('try again later');
    expect(text).toContain('value="hamlet"');
    expect((await app.log.requestLines(2)).at(-1)).toMatchObject({ outcome: 'directory-unavailable' });
  });

  it('says 503 while the store is away', async () => {
    const app = createPageApp();
    const browser = openBrowser(app);
    await browser.get(LOGIN);
    app.store.setAway('both');
    expect((await browser.submit(LOGIN, { username: 'hamlet', password: PASSWORD })).status).toBe(503);
  });

  it.each<[string, string]>([
    ['a username', `"><script>alert('x')</script>`],
    ['one that is escaped already', '&quot;&gt;<img src=x onerror=alert(1)>'],
  ])('shows %s as text, whatever it holds', async (_case, username) => {
    const { text } = await signInOnPage(openBrowser(createPageApp()), { username });
    expect(text).not.toContain(username);
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toContain('<img src=x');
  });

  it('takes nobody elsewhere afterwards', async () => {
    const browser = openBrowser(createPageApp());
    const next = 'https://evil.example/"><script>';
    const { text } = await browser.get(`${LOGIN}?next=${encodeURIComponent(next)}`);
    expect(text).not.toContain('evil.example');
    const { headers } = await browser.submit(LOGIN, { username: 'hamlet', password: PASSWORD, next });
    expect(headers['location']).toBe('/account');
  });

  it('is not confused by a request that is malformed, and serves the next', async () => {
    const { listener } = createPageApp();
    await request(listener).post(LOGIN).send('x'.repeat(70_000)).expect(413);
    await request(listener).post(LOGIN).type('json').send('{"username":"hamlet"}').expect(403);
    await request(listener).post(LOGIN).set('Content-Type', 'multipart/form-data').send('x').expect(400);
    await request(listener).post(LOGIN).set('Cookie', 'a=%ZZ; __Host-latchkey_csrf=%00').expect(403);
    expect((await signInOnPage(openBrowser({ listener }))).status).toBe(303);
  });
});
