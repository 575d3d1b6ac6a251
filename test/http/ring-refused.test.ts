import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { ACCEPTED_MS } from '../../src/keys/ring-guard.ts';
import { basic, createMemoryApp, fetchKey, type MemoryApp, signIn } from './memory-app.ts';

describe('a replica whose ring lacks the registered secret', () => {
  let app: MemoryApp;
  let key: string;

  beforeEach(async () => {
    app = createMemoryApp();
    key = await fetchKey(app);
    await app.secrets.accept('deadbeef');
    app.advance(ACCEPTED_MS);
  });

  const regenerate = () =>
    request(app.listener)
      .post('/api/v1/users/me/api_key/regenerate')
      .set('Authorization', basic('hamlet@example.org', key));

  it('hands out no key: 503, and none that is new', async () => {
    const { body, headers } = await signIn(app, 'hamlet').expect(503);
    expect(body).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(JSON.stringify(body)).not.toContain(key);
    await signIn(app, 'ophelia').expect(503);
    await regenerate().expect(503);
    await app.secrets.accept(app.parts.ring.current.id);
    expect(await fetchKey(app)).toBe(key);
    await regenerate().expect(200);
  });

  it('verifies the keys that it knows', async () => {
    await request(app.listener).get('/verify').set('X-API-Key', key).expect(200);
    await request(app.listener)
      .get('/api/v1/users/me')
      .set('Authorization', basic('hamlet@example.org', key))
      .expect(200);
  });

  it('refuses a wrong password all the same', async () => {
    await signIn(app, 'hamlet', 'to be').expect(401);
  });
});
