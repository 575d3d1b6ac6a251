import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { LOGIN, openBrowser } from '../pages/browser.ts';
import { createPageApp } from '../pages/page-app.ts';

const app = createPageApp();
const linkedAssets = async () => {
  const { text } = await openBrowser(app).get(LOGIN);
  return [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, url = '']) => url);
};

describe('what the pages refer to', () => {
  it('is there, with its type, and may be kept for a year under the version that the page names', async () => {
    const urls = [...new Set(await linkedAssets())];
    const answers = await Promise.all(urls.map((url) => request(app.listener).get(url).expect(200)));
    expect(answers.map(({ headers }) => headers['content-type']).sort()).toEqual([
      'image/svg+xml',
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
    ]);
    for (const { headers } of answers) {
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });

  it.each(['', '?v=', '?v=another'])('is not to be kept under another version (%j)', async (query) => {
    await request(app.listener)
      .get(`/assets/latchkey.css${query}`)
      .expect(200)
      .expect('Cache-Control', 'no-cache');
  });

  it.each(['/assets/', '/assets/nothing', '/assets/../package.json', '/assets/%2e%2e/html.ts'])(
    'is nothing else (%s)',
    async (path) => {
      await request(app.listener).get(path).expect(404);
    },
  );
});
