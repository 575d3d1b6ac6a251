import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { openBrowser } from '../pages/browser.ts';
import { createPageApp } from '../pages/page-app.ts';

const PREFIX = '/accounts/login/subdomain';

describe('the address that a desktop app opens', () => {
  it.each([
    '',
    '/',
    '/short',
    `/${'a'.repeat(33)}`,
    `/${'-'.repeat(32)}`,
    '/%zz',
    `/${'a'.repeat(32)}/`,
    '/%00',
  ])('is 400 without a body for the malformed token in %j', async (token) => {
    const { status, text } = await request(createPageApp().listener).get(PREFIX + token);
    expect([status, text]).toEqual([400, '']);
  });

  it('is a page with 400 for a token that nobody was given, and signs nobody in', async () => {
    const browser = openBrowser(createPageApp());
    const { status, text, headers } = await browser.get(`${PREFIX}/${'a'.repeat(32)}`);
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(text).toContain('begin again in the app');
    expect(browser.cookies.size).toBe(0);
  });

  it.each(['head', 'post'] as const)('takes no token from %s', async (method) => {
    const answer = request(createPageApp().listener)[method](`${PREFIX}/${'a'.repeat(32)}`);
    await answer.expect(405).expect('Allow', 'GET');
  });

  it('is never logged with its token', async () => {
    const app = createPageApp();
    const token = 'tokenTOKEN0123456789tokenTOKEN01';
    await openBrowser(app).get(`${PREFIX}/${token}`);
    await app.log.requestLines();
    expect(JSON.stringify(app.log.lines())).not.toContain(token);
  });
});
