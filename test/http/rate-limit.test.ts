import { describe, expect, it } from '@jest/globals';
import request, { type Test } from 'supertest';
import { createMemoryApp, FETCH_API_KEY, type MemoryApp, MINUTE_MS, signIn } from './memory-app.ts';

const twice = { perAddress: { attempts: 2, windowMs: MINUTE_MS } };
const behindProxy = { ...twice, trustProxy: ['loopback'] };

/** A failed sign-in of a name of its own, so that only the address can be what is spent. */
let guesses = 0;
function guess(app: MemoryApp, address?: string): Test {
  const test = signIn(app, `nobody-${guesses++}`, 'wrong');
  return address === undefined ? test : test.set('X-Forwarded-For', address);
}

describe('failed sign-ins from one address', () => {
  it('are stopped at the budget with a 429, whoever is tried next', async () => {
    const app = createMemoryApp(twice);
    await guess(app).expect(401);
    await guess(app).expect(401);
    const { text, body, headers } = await signIn(app, 'hamlet').expect(429);
    const wait = body['retry-after'];
    expect(text).toBe(
      `{"result":"error","msg":"API usage exceeded rate limit","code":"RATE_LIMIT_HIT","retry-after":${wait}}\n`,
    );
    expect(wait).toBeGreaterThan(59);
    expect(wait).toBeLessThanOrEqual(60);
    expect(headers['retry-after']).toBe('60');
    expect(headers).toMatchObject({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '0' });
    expect(Number(headers['x-ratelimit-reset']) - Date.now() / 1000).toBeGreaterThan(55);
    expect(app.directory.binds()).toBe(0);
    expect((await app.log.requestLines(3)).at(-1)).toMatchObject({ outcome: 'address-attempts-spent' });
  });

  it('are let in again after the window, which refused attempts do not prolong', async () => {
    const app = createMemoryApp(twice);
    await guess(app).expect(401);
    await guess(app).expect(401);
    for (let second = 0; second < 60; second += 10) {
      await guess(app).expect(429);
      app.advance(10_000);
    }
    await guess(app).expect(401);
    await guess(app).expect(401);
    await guess(app).expect(429);
  });

  it('are all that counts: successes, outages and malformed requests do not', async () => {
    const app = createMemoryApp(twice);
    for (let time = 0; time < 3; time++) await signIn(app, 'hamlet').expect(200);
    app.directory.setAway(true);
    for (let time = 0; time < 3; time++) await signIn(app, 'hamlet').expect(503);
    app.directory.setAway(false);
    const malformed = () => request(app.listener).post(`${FETCH_API_KEY}?username=hamlet`);
    for (let time = 0; time < 3; time++) await malformed().expect(400);
    await guess(app).expect(401);
    await guess(app).expect(401);
    await guess(app).expect(429);
  });

  it('do not count where the name itself was refused', async () => {
    const app = createMemoryApp({ ...twice, perUsername: { attempts: 1, windowMs: MINUTE_MS } });
    await signIn(app, 'hamlet', 'wrong').expect(401);
    for (let time = 0; time < 3; time++) await signIn(app, 'hamlet', 'wrong').expect(429);
    await guess(app).expect(401);
    await guess(app).expect(429);
  });

  it('take nothing from the budget of a name once the address is refused', async () => {
    const app = createMemoryApp(behindProxy);
    await guess(app, '203.0.113.1').expect(401);
    await guess(app, '203.0.113.1').expect(401);
    for (let time = 0; time < 9; time++) {
      await signIn(app, 'hamlet').set('X-Forwarded-For', '203.0.113.1').expect(429);
    }
    const { headers } = await signIn(app, 'hamlet', 'x').set('X-Forwarded-For', '203.0.113.2').expect(401);
    expect(headers['x-ratelimit-remaining']).toBe('4');
  });

  it('are limited when they come at once', async () => {
    const app = createMemoryApp(twice);
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess(app)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(18);
  });
});

describe('the address behind a trusted proxy', () => {
  it.each([
    ['the same IPv4 address', '203.0.113.1', '203.0.113.1', 429],
    ['another IPv4 address', '203.0.113.1', '203.0.113.2', 401],
    ['the same IPv6 /64', '2001:db8:1:2::a', '2001:db8:1:2:ffff::b', 429],
    ['another spelling of an IPv6 address', '2001:db8:1:2::a', '2001:0DB8:1:2:0:0:0:A', 429],
    ['another IPv6 /64', '2001:db8:1:2::a', '2001:db8:1:3::a', 401],
    ['the IPv4 address mapped into IPv6', '203.0.113.1', '::ffff:203.0.113.1', 429],
    ['another IPv4 address mapped into IPv6', '::ffff:203.0.113.1', '::ffff:203.0.113.2', 401],
    ['the port that some gateways put behind it', '203.0.113.1:1001', '203.0.113.1:1002', 429],
    ['the same for IPv6', '[2001:db8::1]:1001', '[2001:db8::2]:1002', 429],
    ['what is no address at all', 'garbage', 'unknown', 429],
    ['what the client put before it', '203.0.113.1', '198.51.100.9, 203.0.113.1', 429],
  ])('is one with %s or is not: %s, %s → %i', async (_case, first, second, status) => {
    const app = createMemoryApp(behindProxy);
    await guess(app, first).expect(401);
    await guess(app, first).expect(401);
    await guess(app, second).expect(status);
  });
});

describe('the networks of an IPv6 address', () => {
  const inTurn = (network: (at: number) => string) => async (app: MemoryApp, times: number) => {
    const statuses: number[] = [];
    for (let at = 0; at < times; at++) statuses.push((await guess(app, network(at))).status);
    return statuses;
  };

  it.each([
    ['/56', 4, inTurn((at) => `2001:db8:1:${(0xab00 + at).toString(16)}::1`)],
    ['/48', 8, inTurn((at) => `2001:db8:1:${(0x100 * at).toString(16)}::1`)],
  ])(
    'have budgets of their own: a %s has %i failures, from whichever address',
    async (_bits, most, failFrom) => {
      const app = createMemoryApp(behindProxy);
      expect(await failFrom(app, most + 2)).toEqual([...Array(most).fill(401), 429, 429]);
      await guess(app, '2001:db8:2::1').expect(401);
      app.advance(MINUTE_MS);
      expect(await failFrom(app, most)).toEqual(Array(most).fill(401));
    },
  );

  it('count no success, and nothing that another of them has refused', async () => {
    const app = createMemoryApp(behindProxy);
    const hamlet = () => signIn(app, 'hamlet').set('X-Forwarded-For', '2001:db8:1:2::1');
    for (let time = 0; time < 9; time++) await hamlet().expect(200);
    const statuses: number[] = [];
    // Of one /64, two are let in; the others count for no network.
    for (let time = 0; time < 9; time++) statuses.push((await guess(app, '2001:db8:1:2::1')).status);
    expect(statuses).toEqual([401, 401, ...Array(7).fill(429)]);
    for (const at of [3, 4]) await guess(app, `2001:db8:1:${at}::1`).expect(401);
    await guess(app, '2001:db8:1:5::1').expect(429);
  });

  it('are none of an IPv4 address', async () => {
    const app = createMemoryApp(behindProxy);
    for (let at = 0; at < 12; at++) await guess(app, `203.0.113.${at}`).expect(401);
  });
});

describe('a forwarding header from a peer that is not trusted', () => {
  it('is not believed', async () => {
    const app = createMemoryApp(twice);
    await guess(app, '203.0.113.1').expect(401);
    await guess(app, '203.0.113.2').expect(401);
    await guess(app, '203.0.113.3').expect(429);
  });

  it.each(['X-Forwarded-For', 'Forwarded'])('(%s) is warned about once', async (header) => {
    const app = createMemoryApp();
    for (let time = 0; time < 3; time++) await guess(app).set(header, 'for=203.0.113.1').expect(401);
    await app.log.requestLines(3);
    expect(app.log.lines().filter(({ level }) => level === 'warn')).toMatchObject([
      { msg: expect.stringContaining('TRUST_PROXY'), peer: expect.stringContaining('127.0.0.1') },
    ]);
  });

  it('is not warned about where the peer is trusted, or there is none', async () => {
    const trusting = createMemoryApp(behindProxy);
    await guess(trusting, '203.0.113.1');
    const plain = createMemoryApp();
    await guess(plain);
    for (const { log } of [trusting, plain]) {
      await log.requestLines();
      expect(log.lines().map(({ level }) => level)).toEqual(['info']);
    }
  });

  it('is believed only as far as the last trusted proxy', async () => {
    const app = createMemoryApp({ ...twice, trustProxy: ['loopback', '10.0.0.0/8'] });
    await guess(app, '203.0.113.1, 10.0.0.1').expect(401);
    await guess(app, '203.0.113.1, 10.0.0.2').expect(401);
    await guess(app, '198.51.100.1, 203.0.113.1, 10.0.0.3').expect(429);
    await guess(app, '203.0.113.1, 198.51.100.1').expect(401);
  });
});
