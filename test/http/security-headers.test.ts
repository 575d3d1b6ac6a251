import { describe, expect, it } from '@jest/globals';
import request, { type Response } from 'supertest';
import { createMemoryApp, FETCH_API_KEY, type MemoryApp, signIn } from './memory-app.ts';

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'Authorization',
  'access-control-allow-methods': 'GET, POST, DELETE, PUT, PATCH, HEAD',
};

type Ask = (app: MemoryApp) => PromiseLike<Response>;

const underApi: [number, string, Ask][] = [
  [200, 'a sign-in', (app) => signIn(app, 'hamlet')],
  [200, 'the settings', (app) => request(app.listener).get('/api/v1/server_settings')],
  [204, 'a preflight', (app) => request(app.listener).options('/api/v1/users/me')],
  [400, 'a missing parameter', (app) => request(app.listener).post(FETCH_API_KEY)],
  [401, 'a wrong password', (app) => signIn(app, 'hamlet', 'wrong')],
  [401, 'no credentials', (app) => request(app.listener).get('/api/v1/users/me')],
  [404, 'an unknown path', (app) => request(app.listener).get('/api/v1/nothing')],
  [405, 'another method', (app) => request(app.listener).get(FETCH_API_KEY)],
  [413, 'a large body', (app) => request(app.listener).post(FETCH_API_KEY).send('x'.repeat(70_000))],
];

const elsewhere: [number, string, Ask][] = [
  [200, '/healthz', (app) => request(app.listener).get('/healthz')],
  [200, '/readyz', (app) => request(app.listener).get('/readyz')],
  [404, '/nothing', (app) => request(app.listener).get('/nothing')],
];

describe('every answer', () => {
  it.each([...underApi, ...elsewhere])(
    '(%i, %s) keeps a browser from more than showing it',
    async (status, _case, ask) => {
      const answer = await ask(createMemoryApp());
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'strict-transport-security': 'max-age=15768000',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'cross-origin',
        'x-request-id': expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      });
      for (const header of ['x-powered-by', 'etag', 'server'])
        expect(answer.headers).not.toHaveProperty(header);
    },
  );

  it('has an id of its own, and never one that the client made up', async () => {
    const app = createMemoryApp();
    const paths = ['/healthz', '/api/v1/nothing', '/verify', '/healthz'];
    const ids: unknown[] = [];
    for (const path of paths) {
      const { headers } = await request(app.listener)
        .get(path)
        .set('X-Request-Id', 'made-up')
        .set('Request-Id', 'x');
      ids.push(headers['x-request-id']);
    }
    expect(new Set(ids).size).toBe(paths.length);
    expect(ids).not.toContain('made-up');
    const lines = await app.log.requestLines(paths.length);
    expect(lines.map(({ requestId }) => requestId)).toEqual(ids);
  });
});

describe('CORS', () => {
  it.each(underApi)('is allowed under /api/, whatever the status (%i, %s)', async (status, _case, ask) => {
    const answer = await ask(createMemoryApp());
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(CORS);
  });

  it.each(underApi)('is not where it is switched off (%i, %s)', async (status, _case, ask) => {
    const answer = await ask(createMemoryApp({ cors: false }));
    expect(answer.status).toBe(status);
    for (const header of Object.keys(CORS)) expect(answer.headers).not.toHaveProperty(header);
  });

  it.each(['/healthz', '/readyz', '/verify', '/verify/api/', '/apix', '/'])('is not for %s', async (path) => {
    const { headers } = await request(createMemoryApp().listener).get(path);
    for (const header of Object.keys(CORS)) expect(headers).not.toHaveProperty(header);
  });
});
