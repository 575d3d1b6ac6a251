import { describe, expect, it } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { createPageCookie, type PageCookieOptions } from '../../src/http/page-cookie.ts';

const value = 'v'.repeat(43);

/** What the browser is told, and what is read of what it sends. */
async function tell(options: PageCookieOptions, act: 'set' | 'clear' | 'read', sent = ''): Promise<string> {
  const cookie = createPageCookie('latchkey_session', options);
  const app = express().get('/', (req, res) => {
    if (act === 'set') cookie.set(res, value);
    if (act === 'clear') cookie.clear(res);
    res.send(String(cookie.read(req)));
  });
  const { text, headers } = await request(app).get('/').set('Cookie', sent);
  return act === 'read' ? text : String(headers['set-cookie']);
}

const secure = { isSecure: true, maxAgeMs: 900_000 };
const plain = { isSecure: false, maxAgeMs: undefined };

describe('a cookie of the pages', () => {
  it('is held to its host and to https where the realm is on https', async () => {
    expect(await tell(secure, 'set')).toBe(
      `__Host-latchkey_session=${value}; Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
  });

  it('is kept from scripts and other sites on http too, and may last as long as the browser is open', async () => {
    expect(await tell(plain, 'set')).toBe(`latchkey_session=${value}; Path=/; HttpOnly; SameSite=Lax`);
  });

  it('is forgotten by the name and the attributes under which it was set', async () => {
    expect(await tell(secure, 'clear')).toBe(
      '__Host-latchkey_session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
  });

  it.each([
    ['its own', `a=b; __Host-latchkey_session=${value}`, value],
    ['one without the prefix, which another host may have planted', `latchkey_session=${value}`, 'undefined'],
    ['one of another shape', '__Host-latchkey_session=short', 'undefined'],
    ['none', '', 'undefined'],
  ])('is read where the browser sends %s', async (_case, sent, read) => {
    expect(await tell(secure, 'read', sent)).toBe(read);
  });
});
