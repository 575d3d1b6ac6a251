import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { FETCH_API_KEY, MINUTE_MS, PASSWORD } from '../memory-app.ts';
import { LOGIN, openBrowser, signInOnPage } from '../pages/browser.ts';
import { createPageApp, type PageApp } from '../pages/page-app.ts';

const fetchKey = ({ listener }: PageApp, username: string, password: string) =>
  request(listener)
    .post(FETCH_API_KEY)
    .type('form')
    .send(new URLSearchParams({ username, password }).toString());

describe('the budgets of sign-ins', () => {
  it('are shared with fetch_api_key: five wrong guesses on the page stop both', async () => {
    const app = createPageApp();
    const browser = openBrowser(app);
    for (let left = 4; left >= 0; left--) {
      const { status, headers } = await signInOnPage(browser, { password: 'wrong' });
      expect([status, headers['x-ratelimit-remaining']]).toEqual([401, String(left)]);
    }
    const { status, text, headers } = await signInOnPage(browser);
    expect(status).toBe(429);
    expect(text).toContain('Too many attempts. You can try again in 30 minutes.');
    expect(headers['retry-after']).toBe('1800');
    expect(text).toContain('value="hamlet"');
    await fetchKey(app, 'hamlet', PASSWORD).expect(429);
    expect(app.directory.binds()).toBe(5);
    app.advance(30 * MINUTE_MS);
    expect((await signInOnPage(browser)).status).toBe(303);
  });

  it('are shared the other way round too', async () => {
    const app = createPageApp();
    for (let guess = 0; guess < 5; guess++) await fetchKey(app, 'hamlet', 'wrong').expect(401);
    expect((await signInOnPage(openBrowser(app))).status).toBe(429);
  });

  it('of the client address hold on the page', async () => {
    const app = createPageApp({ perAddress: { attempts: 1, windowMs: 50_000 } });
    const browser = openBrowser(app);
    expect((await signInOnPage(browser, { username: 'yorick' })).status).toBe(401);
    const { status, text } = await signInOnPage(browser);
    expect(status).toBe(429);
    expect(text).toMatch(/You can try again in \d+ seconds\./);
    await fetchKey(app, 'ophelia', PASSWORD).expect(429);
  });

  it('are not touched by forms from elsewhere', async () => {
    const app = createPageApp();
    const browser = openBrowser(app);
    const guess = { username: 'hamlet', password: 'wrong', csrf: 'x' };
    for (let time = 0; time < 9; time++) expect((await browser.post(LOGIN, guess)).status).toBe(403);
    expect((await signInOnPage(browser)).status).toBe(303);
  });
});
