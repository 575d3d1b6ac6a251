import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createMemoryApp } from '../memory-app.ts';

describe('/healthz', () => {
  it('is a 200 as long as the process is well, whatever is away', async () => {
    const app = createMemoryApp();
    app.store.setAway('both');
    app.directory.setAway(true);
    expect((await request(app.listener).get('/healthz').expect(200)).text).toBe('{"status":"ok"}\n');
  });
});

describe('/readyz', () => {
  it('is a 200 where both parts answer', async () => {
    const { body } = await request(createMemoryApp().listener).get('/readyz').expect(200);
    expect(body).toEqual({ status: 'ready', redis: 'ok', directory: 'ok', secrets: 'accepted' });
  });

  it('stays a 200 while the directory is away, and says so', async () => {
    const app = createMemoryApp();
    app.directory.setAway(true);
    const { body } = await request(app.listener).get('/readyz').expect(200);
    expect(body).toEqual({ status: 'ready', redis: 'ok', directory: 'unreachable', secrets: 'accepted' });
  });

  it('stays a 200 where the store is set dangerously, and says how', async () => {
    const warnings = ['maxmemory-policy is allkeys-lru → maxmemory-policy noeviction'];
    const { body } = await request(createMemoryApp({ warnings }).listener).get('/readyz').expect(200);
    expect(body).toMatchObject({ status: 'ready', warnings });
  });

  it('is a 503 while the store is away', async () => {
    const app = createMemoryApp();
    app.store.setAway('accounts');
    const { body } = await request(app.listener).get('/readyz').expect(503);
    expect(body).toEqual({ status: 'not ready', redis: 'unreachable', directory: 'ok', secrets: 'accepted' });
  });

  it('is a 503 while the ring of secrets is not accepted, and a 200 once it is', async () => {
    const app = createMemoryApp();
    await app.secrets.accept('deadbeef');
    const { body } = await request(app.listener).get('/readyz').expect(503);
    expect(body).toEqual({
      ...{ status: 'not ready', redis: 'ok', directory: 'ok', secrets: 'not accepted' },
    });
    await app.secrets.accept(app.parts.ring.current.id);
    await request(app.listener).get('/readyz').expect(200);
  });
});
