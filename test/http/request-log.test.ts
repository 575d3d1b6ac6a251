import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { loggablePath } from '../../src/http/request-log.ts';
import { basic, createMemoryApp, FETCH_API_KEY, FIRST_ID, fetchKey, PASSWORD, signIn } from './memory-app.ts';

describe('the log', () => {
  it('has one line for each request, with what was decided', async () => {
    const app = createMemoryApp();
    const { headers } = await signIn(app, 'hamlet');
    const [line, ...more] = await app.log.requestLines();
    expect(more).toEqual([]);
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      requestId: headers['x-request-id'],
      method: 'POST',
      path: FETCH_API_KEY,
      status: 200,
      ms: expect.any(Number),
      outcome: 'accepted',
      userId: FIRST_ID,
      msg: 'request',
    });
  });

  it('has one line for each question of a gateway, and the path of none', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    await request(app.listener).post('/verify/a/secret/path?token=x').set('X-API-Key', key).expect(200);
    await request(app.listener).get('/verify').expect(401);
    const [, accepted, refused] = await app.log.requestLines(3);
    expect(accepted).toMatchObject({
      method: 'POST',
      path: '/verify',
      outcome: 'accepted',
      userId: FIRST_ID,
    });
    expect(refused).toMatchObject({ method: 'GET', path: '/verify', outcome: 'no-credentials' });
    expect(app.log.lines()).toHaveLength(3);
  });

  it('never holds a password, a key or a query', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    const authorization = basic('hamlet', key);
    const { listener } = app;
    await signIn(app, 'hamlet', 'a-wrong-secret').expect(401);
    await request(listener).post(`${FETCH_API_KEY}?username=hamlet&password=in-the-query`).expect(401);
    await request(listener).get(`/api/v1/users/me?token=in-the-query`).set('Authorization', authorization);
    await request(listener).get(`/verify?token=in-the-query`).set('Authorization', authorization).expect(200);
    await request(listener).get(`/verify/${key}`).set('X-API-Key', key).expect(200);
    await request(listener).get(`/api/v1/${key}/x?y=in-the-query`).expect(404);
    app.store.setAway('both');
    await request(listener).get('/verify').set('X-API-Key', key).expect(503);
    await signIn(app, 'hamlet').expect(503);
    await app.log.requestLines(9);
    const text = JSON.stringify(app.log.lines());
    const secrets = [
      key,
      authorization.slice(6),
      PASSWORD,
      'a-wrong-secret',
      'in-the-query',
      key.slice(0, 12),
    ];
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

describe('a path in the log', () => {
  const key = 'Abcdefgh01234567Abcdefgh01234567';

  it.each([
    ['/api/v1/users/me', '/api/v1/users/me'],
    ['/api/v1/fetch_api_key?password=x', '/api/v1/fetch_api_key'],
    ['/a?b?c', '/a'],
    [`/${key}`, '/*'],
    [`/a/${key}/b`, '/a/*/b'],
    [`/a/${key}${key}/b`, '/a/*/b'],
    [`/a:${key}@b`, '/a:*@b'],
    [`/${key.slice(0, 20)}`, '/*'],
    ['', ''],
  ])('%j reads %j', (url, path) => {
    expect(loggablePath(url)).toBe(path);
  });

  it('is cut, since a client could make it as long as it likes', () => {
    expect(loggablePath('/a'.repeat(10_000)).length).toBeLessThanOrEqual(200);
  });

  it.each([169, 180, 185, 190, 199])(
    'holds no piece of a key that the cut at 200 falls into (at %i)',
    (at) => {
      expect(loggablePath('/'.repeat(at) + key)).not.toContain(key.slice(0, 1));
    },
  );
});
