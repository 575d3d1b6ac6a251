import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import type { Directory } from '../../src/ports/directory.ts';
import { createMemoryApp, type MemoryApp, MINUTE_MS, PASSWORD, signIn } from './memory-app.ts';

async function fail(app: MemoryApp, times: number, name = 'hamlet'): Promise<void> {
  for (let time = 0; time < times; time++) await signIn(app, name, 'wrong').expect(401);
}

describe('five failures', () => {
  it('make the sixth attempt a 429, even with the right password', async () => {
    const app = createMemoryApp();
    await fail(app, 5);
    app.advance(68);
    const { status, text, headers } = await signIn(app, 'hamlet');
    expect({ status, text }).toEqual({
      status: 429,
      text: '{"result":"error","msg":"API usage exceeded rate limit","code":"RATE_LIMIT_HIT","retry-after":1799.932}\n',
    });
    expect(headers['retry-after']).toBe('1800');
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(app.directory.binds()).toBe(5);
    const line = (await app.log.requestLines(6)).at(-1);
    expect(line).toMatchObject({ status: 429, outcome: 'attempts-spent' });
  });

  it('of a name that nobody bears are counted alike', async () => {
    const app = createMemoryApp();
    await fail(app, 5, 'nobody');
    await signIn(app, 'nobody').expect(429);
    await signIn(app, 'hamlet').expect(200);
  });

  it('of one person leave another alone', async () => {
    const app = createMemoryApp();
    await fail(app, 5);
    await signIn(app, 'ophelia').expect(200);
  });

  it('are forgotten after a success among them', async () => {
    const app = createMemoryApp();
    await fail(app, 4);
    await signIn(app, 'hamlet').expect(200);
    await fail(app, 5);
    await signIn(app, 'hamlet').expect(429);
  });

  it('are forgotten one by one, each after the window', async () => {
    const app = createMemoryApp();
    await fail(app, 1);
    app.advance(10 * MINUTE_MS);
    await fail(app, 4);
    const refused = await signIn(app, 'hamlet').expect(429);
    expect(refused.body['retry-after']).toBe(20 * 60);
    app.advance(20 * MINUTE_MS);
    await fail(app, 1);
    const { body } = await signIn(app, 'hamlet').expect(429);
    expect(body['retry-after']).toBe(10 * 60);
  });

  it('are what the wait counts from: attempts that were refused do not prolong it', async () => {
    const app = createMemoryApp();
    await fail(app, 5);
    for (let minute = 1; minute < 30; minute++) {
      app.advance(MINUTE_MS);
      const { body } = await signIn(app, 'hamlet').expect(429);
      expect(body['retry-after']).toBe((30 - minute) * 60);
    }
    app.advance(MINUTE_MS);
    await signIn(app, 'hamlet').expect(200);
  });
});

describe('the headers of the budget', () => {
  function resetsIn({ headers }: Response): number {
    return Number(headers['x-ratelimit-reset']) - Date.now() / 1000;
  }

  it('stand on success and on failure, and count down', async () => {
    const app = createMemoryApp();
    const success = await signIn(app, 'hamlet').expect(200);
    expect(success.headers).toMatchObject({ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '4' });
    for (const remaining of ['4', '3', '2', '1', '0']) {
      const failure = await signIn(app, 'hamlet', 'wrong').expect(401);
      expect(failure.headers).toMatchObject({ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': remaining });
      expect(failure.headers['x-ratelimit-reset']).toMatch(/^\d+$/);
      expect(resetsIn(failure)).toBeGreaterThan(1790);
      expect(resetsIn(failure)).toBeLessThanOrEqual(1800);
    }
  });

  it('stand on a 429, and say when the next attempt is granted', async () => {
    const app = createMemoryApp();
    await fail(app, 5);
    app.advance(20 * MINUTE_MS);
    const refused = await signIn(app, 'hamlet').expect(429);
    expect(refused.headers).toMatchObject({ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0' });
    expect(resetsIn(refused)).toBeGreaterThan(590);
    expect(resetsIn(refused)).toBeLessThanOrEqual(600);
  });

  it('are those of the budget that applied: familiar addresses have one of their own', async () => {
    const familiar = { attempts: 3, rememberMs: 60 * MINUTE_MS };
    const perUsername = { attempts: 5, windowMs: 30 * MINUTE_MS, familiar };
    const app = createMemoryApp({ perUsername, trustProxy: ['loopback'] });
    const from = (address: string, password: string) =>
      signIn(app, 'hamlet', password).set('X-Forwarded-For', address);
    await from('2001:db8:1:2::a', PASSWORD).expect(200);
    const stranger = await from('2001:db8:1:3::a', 'wrong').expect(401);
    expect(stranger.headers).toMatchObject({ 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '4' });
    const home = await from('2001:db8:1:2::b', 'wrong').expect(401);
    expect(home.headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '2' });
  });
});

describe('identical right sign-ins at once', () => {
  it('are answered all, and count once', async () => {
    const slow = (directory: Directory): Directory => ({
      ...directory,
      find: async (...args) => {
        await setTimeout(500);
        return directory.find(...args);
      },
    });
    const app = createMemoryApp({ wrap: slow });
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn(app, 'hamlet')));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    // As many as there are in flight together are one; a slow machine may bring some too late.
    expect(app.directory.binds()).toBeLessThan(5);
  });
});
