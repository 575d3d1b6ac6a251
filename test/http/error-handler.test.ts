import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { basic, createMemoryApp, fetchKey, signIn } from './memory-app.ts';

const UNAVAILABLE =
  '{"result":"error","msg":"Service is temporarily unavailable","code":"SERVICE_UNAVAILABLE"}\n';

describe('a directory that is away', () => {
  it('is a 503 that says when to come back, in whole seconds', async () => {
    const app = createMemoryApp();
    app.directory.setAway(true);
    const { status, text, headers } = await signIn(app, 'hamlet');
    expect({ status, text }).toEqual({ status: 503, text: UNAVAILABLE });
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(headers['content-type']).toBe('application/json');
    expect(headers).not.toHaveProperty('www-authenticate');
    const [line] = await app.log.requestLines();
    expect(line).toMatchObject({ status: 503, outcome: 'directory-unavailable' });
  });

  it('counts against nobody: the whole budget is left when it is back', async () => {
    const app = createMemoryApp();
    app.directory.setAway(true);
    for (let time = 0; time < 9; time++) await signIn(app, 'hamlet').expect(503);
    app.directory.setAway(false);
    for (let time = 0; time < 5; time++) await signIn(app, 'hamlet', 'wrong').expect(401);
    await signIn(app, 'hamlet', 'wrong').expect(429);
  });

  it('that goes between search and bind counts against nobody either', async () => {
    const app = createMemoryApp({
      wrap: (directory) => ({
        ...directory,
        async find(username) {
          const found = await directory.find(username);
          app.directory.setAway(username === 'hamlet');
          return found;
        },
      }),
    });
    for (let time = 0; time < 9; time++) {
      await signIn(app, 'hamlet', 'wrong').expect(503);
      app.directory.setAway(false);
    }
    for (let time = 0; time < 5; time++) await signIn(app, 'HAMLET', 'wrong').expect(401);
    await signIn(app, 'HAMLET', 'wrong').expect(429);
  });

  it('does not keep anyone from using a key', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    app.directory.setAway(true);
    const me = request(app.listener).get('/api/v1/users/me').set('Authorization', basic('hamlet', key));
    await me.expect(200);
    await request(app.listener).get('/verify').set('X-API-Key', key).expect(200);
  });
});

describe('a store that is away', () => {
  it.each(['accounts', 'attempts', 'both'] as const)('(%s) makes a sign-in a 503', async (part) => {
    const app = createMemoryApp();
    app.store.setAway(part);
    const { text, headers } = await signIn(app, 'hamlet').expect(503);
    expect(text).toBe(UNAVAILABLE);
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
    const [line] = await app.log.requestLines();
    expect(line).toMatchObject({ outcome: 'store-unavailable' });
    app.store.setAway('none');
    await signIn(app, 'hamlet').expect(200);
  });

  it('counts against nobody', async () => {
    const app = createMemoryApp();
    app.store.setAway('accounts');
    for (let time = 0; time < 9; time++) await signIn(app, 'hamlet', 'wrong').expect(503);
    app.store.setAway('none');
    for (let time = 0; time < 5; time++) await signIn(app, 'hamlet', 'wrong').expect(401);
  });

  it('makes users/me a 503 without a challenge', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    app.store.setAway('both');
    const { text, headers } = await request(app.listener)
      .get('/api/v1/users/me')
      .set('Authorization', basic('hamlet', key))
      .expect(503);
    expect(text).toBe(UNAVAILABLE);
    expect(headers).not.toHaveProperty('www-authenticate');
  });
});

describe('an error that nobody foresaw', () => {
  const broken = () =>
    createMemoryApp({
      wrap: (directory) => ({
        ...directory,
        find: async () => {
          throw new Error('bind of cn=latchkey failed at ldap.internal');
        },
      }),
    });

  it('is a 500 that hides everything', async () => {
    const { status, text, headers } = await signIn(broken(), 'hamlet');
    expect({ status, text }).toEqual({
      status: 500,
      text: '{"result":"error","msg":"Internal server error"}\n',
    });
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.stringify(headers)).not.toContain('ldap.internal');
  });

  it('is logged once as an error, beside the line of the request', async () => {
    const app = broken();
    const { headers } = await signIn(app, 'hamlet');
    const [line] = await app.log.requestLines();
    expect(line).toMatchObject({
      level: 'info',
      status: 500,
      outcome: 'failed',
      requestId: headers['x-request-id'],
    });
    const errors = app.log.lines().filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([
      { err: { message: 'bind of cn=latchkey failed at ldap.internal' }, requestId: line?.requestId },
    ]);
    expect(app.log.lines()).toHaveLength(2);
  });

  it('counts against nobody', async () => {
    const app = broken();
    for (let time = 0; time < 6; time++) await signIn(app, 'hamlet').expect(500);
  });
});
