import { describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { type Browser, LOGIN, openBrowser, openSignedInBrowser, signInOnPage } from './browser.ts';
import { createPageApp } from './page-app.ts';

const signedIn = () => openSignedInBrowser(createPageApp());
const fresh = (): Browser => openBrowser(createPageApp());

const pages: [string, () => Promise<Response>][] = [
  ['the sign-in page', () => fresh().get(LOGIN)],
  ['the sign-in page for an app', () => fresh().get(`${LOGIN}?mobile_flow_otp=${'a'.repeat(64)}`)],
  ['a refused sign-in', () => signInOnPage(fresh(), { password: 'wrong' })],
  ['a form from elsewhere', () => fresh().post(LOGIN, {})],
  ['the desktop page', () => signInOnPage(fresh(), { desktop_flow_otp: 'a'.repeat(64) })],
  ['an expired token', () => fresh().get(`/accounts/login/subdomain/${'a'.repeat(32)}`)],
  ['the account', async () => (await signedIn()).get('/account')],
  ['the account after a form from elsewhere', async () => (await signedIn()).post('/account/zuliprc', {})],
];

describe('every page', () => {
  it.each(pages)('is never kept, and never does more than show itself (%s)', async (_name, ask) => {
    const { headers } = await ask();
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self' zulip:; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it.each(pages)('has no script, no style and no handler within it (%s)', async (_name, ask) => {
    const { text } = await ask();
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text.match(/<script\b[^>]*>[^<]*/g)).toEqual([
      expect.stringMatching(/^<script src="\/assets\/account\.js\?v=[\w-]{16}" defer>$/),
    ]);
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:/i);
  });

  it.each(pages)('has one heading of the first level, and every field a label (%s)', async (_name, ask) => {
    const { text } = await ask();
    expect(text.match(/<h1>/g)).toHaveLength(1);
    const fields = [...text.matchAll(/<input id="([^"]+)"/g)].map(([, id]) => id);
    const labels = [...text.matchAll(/<label for="([^"]+)"/g)].map(([, id]) => id);
    expect(labels).toEqual(expect.arrayContaining(fields));
  });

  it('names the realm as text', async () => {
    const { text } = await openBrowser(createPageApp({ realm: { name: '</title><b>' } })).get(LOGIN);
    expect(text).toContain('<title>Sign in · &lt;/title&gt;&lt;b&gt;</title>');
    expect(text).not.toContain('</title><b>');
  });
});
