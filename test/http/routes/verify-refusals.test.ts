import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { basic, createMemoryApp, fetchKey } from '../memory-app.ts';

const IDENTITY = ['remote-user', 'remote-email', 'remote-name', 'remote-groups', 'x-auth-user-id'];
const FORGED = 'A'.repeat(32);

/** Ask with these headers, in which KEY and OTHER stand for the keys of hamlet and ophelia. */
async function ask(headers: Readonly<Record<string, string>>) {
  const app = createMemoryApp();
  const keys = { KEY: await fetchKey(app), OTHER: await fetchKey(app, 'ophelia') };
  const fill = (text: string) => text.replace('OTHER', keys.OTHER).replace('KEY', keys.KEY);
  const filled = Object.entries(headers).map(([name, value]) => {
    const [scheme = '', rest = ''] = value.split(/ (.*)/s);
    const [owner = '', key = ''] = fill(rest).split(':');
    return [name, scheme === 'Basic' ? basic(owner, key) : fill(value)] as const;
  });
  const answer = await request(app.listener).get('/verify').set(Object.fromEntries(filled));
  return { app, answer };
}

describe('a gateway that asks about', () => {
  it.each<[string, string, Record<string, string>]>([
    ['nothing', 'no-credentials', {}],
    ['an empty header', 'no-credentials', { Authorization: '' }],
    ['a Bearer token of another kind', 'no-credentials', { Authorization: 'Bearer eyJhbGciOi.J9' }],
    ['an unknown scheme', 'no-credentials', { Authorization: 'Negotiate KEY' }],
    ['Basic that is no base64', 'no-credentials', { Authorization: 'basic %%%' }],
    ['a key that is too short', 'no-credentials', { 'X-API-Key': FORGED.slice(1) }],
    ['a key in a list', 'no-credentials', { 'X-API-Key': 'KEY, KEY' }],
    ['two different keys', 'no-credentials', { Authorization: 'Bearer KEY', 'X-API-Key': 'OTHER' }],
    ['Basic and another key', 'no-credentials', { Authorization: 'Basic hamlet:KEY', 'X-API-Key': 'OTHER' }],
    ['a forged key', 'unknown-key', { 'X-API-Key': FORGED }],
    ['a forged key by Basic', 'unknown-key', { Authorization: `Basic hamlet:${FORGED}` }],
    ["a key beside a name that is not its owner's", 'wrong-owner', { Authorization: 'Basic hamlet:OTHER' }],
    ['a key beside an empty name', 'wrong-owner', { Authorization: 'Basic :KEY' }],
    [
      'a key beside a name of 4,000 combining marks',
      'wrong-owner',
      { Authorization: `Basic ${'\u0327\u0301'.repeat(2_000)}:KEY` },
    ],
    [
      "the same, with the key once more beside it, which the name's refusal outweighs",
      'wrong-owner',
      { Authorization: 'Basic ophelia:KEY', 'X-API-Key': 'KEY' },
    ],
  ])('%s gets a 401 without body and identity (%s)', async (_case, outcome, headers) => {
    const { app, answer } = await ask(headers);
    expect(answer.status).toBe(401);
    expect(answer.text).toBe('');
    expect(answer.headers['www-authenticate']).toBe('Basic realm="Latchkey", charset="UTF-8"');
    expect(answer.headers).toMatchObject({
      'content-length': '0',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    for (const header of IDENTITY) expect(answer.headers).not.toHaveProperty(header);
    const line = { path: '/verify', status: 401, outcome, address: '127.0.0.1' };
    expect((await app.log.requestLines(3)).at(-1)).toMatchObject(line);
  });

  it('a key that is too old gets a 401, and a client is told what it is of an unknown one', async () => {
    const app = createMemoryApp({ maxAgeMs: 1000 });
    const key = await fetchKey(app);
    app.advance(1001);
    await request(app.listener).get('/verify').set('X-API-Key', key).expect(401);
    expect((await app.log.requestLines(2)).at(-1)).toMatchObject({ status: 401, outcome: 'expired-key' });
    const me = request(app.listener).get('/api/v1/users/me').set('Authorization', basic('hamlet', key));
    const { body } = await me.expect(401);
    expect(body).toEqual({ result: 'error', msg: 'Invalid API key', code: 'UNAUTHORIZED' });
    expect(await fetchKey(app)).not.toBe(key);
  });

  it.each<[string, Record<string, string>]>([
    ['the same key twice', { Authorization: 'Bearer KEY', 'X-API-Key': 'KEY' }],
    ['the same key twice, once by Basic', { Authorization: 'Basic hamlet:KEY', 'X-API-Key': 'KEY' }],
    ["a backend's own Bearer token beside a key", { Authorization: 'Bearer eyJ.x.y', 'X-API-Key': 'KEY' }],
    ["a backend's own Basic beside a key", { Authorization: 'Basic admin:admin', 'X-API-Key': 'KEY' }],
    ["a backend's own X-API-Key beside a key", { Authorization: 'Bearer KEY', 'X-API-Key': 'sk-live' }],
    ['a key with white space around it', { 'X-API-Key': ' KEY ' }],
  ])('%s gets a 200', async (_case, headers) => {
    const { answer } = await ask(headers);
    expect(answer.status).toBe(200);
    expect(answer.headers['remote-user']).toBe('hamlet');
  });
});

describe('a forged key', () => {
  it('never reaches the store, not even one that is away', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    const last = key.endsWith('0') ? '1' : '0';
    const before = app.store.reads();
    app.store.setAway('both');
    for (const forged of [FORGED, key.slice(0, -1) + last, key.toLowerCase(), [...key].reverse().join('')]) {
      await request(app.listener).get('/verify').set('X-API-Key', forged).expect(401);
    }
    app.store.setAway('none');
    expect(app.store.reads()).toBe(before);
    await request(app.listener).get('/verify').set('X-API-Key', key).expect(200);
    expect(app.store.reads()).toBe(before + 1);
  });
});

describe('a store that is away', () => {
  it('is a 503 that says when to come back, and never a 401', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    app.store.setAway('accounts');
    const { text, headers } = await request(app.listener).get('/verify').set('X-API-Key', key).expect(503);
    expect(text).toBe('');
    expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    for (const header of [...IDENTITY, 'www-authenticate']) expect(headers).not.toHaveProperty(header);
    const line = (await app.log.requestLines(2)).at(-1);
    expect(line).toMatchObject({ path: '/verify', status: 503, outcome: 'store-unavailable' });
  });
});

describe('an error that nobody foresaw', () => {
  it('is a 500 that hides everything, logged once beside the line of the request', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    app.store.holdReads(() => {
      throw new Error('record 7 is garbled');
    });
    const { text, headers } = await request(app.listener).get('/verify').set('X-API-Key', key).expect(500);
    expect(text).toBe('');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    for (const header of [...IDENTITY, 'www-authenticate']) expect(headers).not.toHaveProperty(header);
    await app.log.requestLines(2);
    expect(app.log.lines().filter(({ level }) => level === 'error')).toMatchObject([
      { err: { message: 'record 7 is garbled' }, requestId: headers['x-request-id'] },
    ]);
  });
});

describe('an account whose record is gone', () => {
  it('has no key any more', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    const { body } = await request(app.listener)
      .get('/api/v1/users/me')
      .set('Authorization', basic('hamlet', key));
    await app.store.accounts.remove(body.user_id);
    await request(app.listener).get('/verify').set('X-API-Key', key).expect(401);
  });
});
