import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { exchange } from '../exchange.ts';
import { FIRST_ID, person } from '../memory-app.ts';
import { openBrowser } from '../pages/browser.ts';
import { createPageApp, type PageAppOptions } from '../pages/page-app.ts';

const START = '/accounts/login/start/sso/';
const PATH = '/accounts/login/sso/';
const pad = 'f'.repeat(64);
const sso = {
  trustedPeers: ['loopback'],
  secret: 'the secret of the gateway',
  secretHeader: 'x-latchkey-sso-secret',
  userHeader: 'remote-user',
};
const vouched = { 'X-Latchkey-SSO-Secret': sso.secret, 'Remote-User': 'hamlet' };
const away = { ...sso, trustedPeers: ['192.0.2.1'] };

describe('a sign-in by the gateway', () => {
  it('opens a session of the person whom it names, and asks for no password', async () => {
    const app = createPageApp({ sso });
    const browser = openBrowser(app);
    const { status, headers } = await browser.get(PATH, vouched);
    expect([status, headers['location']]).toEqual([303, '/account']);
    expect((await browser.get('/account')).text).toContain('hamlet@example.org');
    expect(app.directory.binds()).toBe(0);
  });

  it('ends in the mobile app that opened it', async () => {
    const browser = openBrowser(createPageApp({ sso }));
    const begun = await browser.get(`${START}?mobile_flow_otp=${pad}`, vouched);
    expect([begun.status, begun.headers['location']]).toEqual([302, `${PATH}?mobile_flow_otp=${pad}`]);
    const { status, headers } = await browser.get(String(begun.headers['location']), vouched);
    expect(status).toBe(302);
    expect(headers['location']).toMatch(
      new RegExp(
        `^zulip://login\\?otp_encrypted_api_key=[0-9a-f]{64}&email=hamlet%40example.org&user_id=${FIRST_ID}&`,
      ),
    );
    expect(browser.cookies.size).toBe(0);
  });

  it('shows the desktop app its token', async () => {
    const { status, text } = await openBrowser(createPageApp({ sso })).get(
      `${PATH}?desktop_flow_otp=${pad}`,
      vouched,
    );
    expect(status).toBe(200);
    expect(text).toMatch(/id="desktop-token"[^>]* value="[0-9a-f]{120}"/);
  });

  it('refuses a pad that is malformed, once the gateway is believed', async () => {
    const { status, body } = await openBrowser(createPageApp({ sso })).get(
      `${PATH}?mobile_flow_otp=x`,
      vouched,
    );
    expect([status, body.msg]).toEqual([400, 'Invalid OTP']);
  });

  it.each<[string, Readonly<Record<string, string>>, PageAppOptions]>([
    ['without the secret', { 'Remote-User': 'hamlet' }, { sso }],
    ['with another secret', { ...vouched, 'X-Latchkey-SSO-Secret': 'guess' }, { sso }],
    ['without a user', { 'X-Latchkey-SSO-Secret': sso.secret }, { sso }],
    ['with a blank user', { ...vouched, 'Remote-User': ' ' }, { sso }],
    ['from a peer that is not trusted', vouched, { sso: away }],
    ['that says it was forwarded for one', { ...vouched, 'X-Forwarded-For': '192.0.2.1' }, { sso: away }],
  ])('is not believed %s', async (_case, headers, options) => {
    const app = createPageApp(options);
    const browser = openBrowser(app);
    const { status, text } = await browser.get(PATH, headers);
    expect(status).toBe(401);
    expect(text).toContain('not signed in by the gateway');
    expect(browser.cookies.size).toBe(0);
    expect(await app.log.requestLines()).toMatchObject([{ outcome: 'not-vouched-for' }]);
  });

  it.each(['Remote-User: ophelia', 'remote-user: hamlet', 'X-Latchkey-SSO-Secret: guess'])(
    'is not believed where a client has a header of its own passed on (%s)',
    async (passedOn) => {
      const own = Object.entries(vouched).map(([name, value]) => `${name}: ${value}`);
      const orders = [
        [...own, passedOn],
        [passedOn, ...own],
      ];
      for (const headers of orders) {
        const lines = [`GET ${PATH} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', ''];
        const [answer] = await exchange(createPageApp({ sso }).listener, lines.join('\r\n'));
        expect(answer?.status).toBe(401);
      }
    },
  );

  it('is refused for a person whom no directory knows, without a word of passwords', async () => {
    const browser = openBrowser(createPageApp({ sso }));
    const { status, text } = await browser.get(PATH, { ...vouched, 'Remote-User': '<b>yorick</b>' });
    expect(status).toBe(401);
    expect(text).toContain('you have no account here');
    expect(text).not.toMatch(/password|yorick/);
  });

  it('is refused for a person without an email, who is named in the log', async () => {
    const app = createPageApp({ sso, people: [person('hamlet', { emails: [] })] });
    expect((await openBrowser(app).get(PATH, vouched)).status).toBe(401);
    expect(await app.log.requestLines()).toMatchObject([{ outcome: 'no-email', username: 'hamlet' }]);
  });

  it('is a page with 503 while the directory is away', async () => {
    const app = createPageApp({ sso });
    app.directory.setAway(true);
    const { status, headers, text } = await openBrowser(app).get(PATH, vouched);
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(text).toContain('<h1>Not available right now</h1>');
  });

  it.each([START, PATH])('does not exist where it is off (%s)', async (path) => {
    await request(createPageApp().listener).get(path).set(vouched).expect(404);
  });

  it.each([START, PATH])('is only ever a GET (%s)', async (path) => {
    await request(createPageApp({ sso }).listener)
      .post(path)
      .set(vouched)
      .expect(405)
      .expect('Allow', 'GET, HEAD');
  });
});
