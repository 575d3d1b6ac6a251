import { describe, expect, it } from '@jest/globals';
import request, { type Test } from 'supertest';
import { createRequireApiKey } from '../../../src/http/require-api-key.ts';
import { regenerateApiKeyRoute } from '../../../src/http/routes/regenerate-api-key.ts';
import { createRegenerateApiKey, type RegenerateApiKey } from '../../../src/keys/regenerate-api-key.ts';
import { basic, createMemoryApp, FIRST_ID, fetchKey, type MemoryApp } from '../memory-app.ts';
import { routeApp } from './route-app.ts';

const REGENERATE = '/api/v1/users/me/api_key/regenerate';
const NEVER = 'max-age=0, no-cache, no-store, must-revalidate, private';
const INVALID = '{"result":"error","msg":"Invalid API key","code":"UNAUTHORIZED"}\n';

async function start(meanwhile?: (app: MemoryApp) => Promise<unknown>) {
  const app = createMemoryApp();
  const regenerate = createRegenerateApiKey(app.parts);
  const raced: RegenerateApiKey = async (account) => {
    await meanwhile?.(app);
    return regenerate(account);
  };
  const route = regenerateApiKeyRoute(createRequireApiKey(app.parts.verifyApiKey), raced);
  const listener = routeApp(app.log, route);
  const ask = (key: string, name = 'hamlet@example.org', query = ''): Test =>
    request(listener).post(`${REGENERATE}${query}`).set('Authorization', basic(name, key));
  const verify = (key: string): Test => request(app.listener).get('/verify').set('X-API-Key', key);
  return { app, listener, ask, verify, key: await fetchKey(app) };
}

describe('contract 4.1: a new key', () => {
  it("comes in Zulip's answer, and the old one is dead at once", async () => {
    const { app, ask, verify, key } = await start();
    const { text, body, headers } = await ask(key).expect(200);
    expect(text).toBe(`{"result":"success","msg":"","api_key":"${body.api_key}"}\n`);
    expect(body.api_key).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(body.api_key).not.toBe(key);
    expect(headers['content-type']).toBe('application/json');
    await verify(key).expect(401);
    await verify(body.api_key).expect(200);
    expect((await ask(key).expect(401)).text).toBe(INVALID);
    expect(await fetchKey(app)).toBe(body.api_key);
  });

  it('takes the place of the new one before it, again and again', async () => {
    const { ask, verify, key } = await start();
    const second = (await ask(key).expect(200)).body.api_key;
    const third = (await ask(second).expect(200)).body.api_key;
    await verify(second).expect(401);
    await verify(third).expect(200);
  });

  it('leaves the keys of others alone', async () => {
    const { app, ask, verify, key } = await start();
    const ophelias = await fetchKey(app, 'ophelia');
    await ask(key).expect(200);
    await verify(ophelias).expect(200);
  });

  it('never names parameters that were ignored', async () => {
    const { ask, key } = await start();
    const { body } = await ask(key, 'hamlet', '?extra=1').type('form').send('more=1').expect(200);
    expect(Object.keys(body)).toEqual(['result', 'msg', 'api_key']);
  });

  it('is logged by the id alone', async () => {
    const { app, ask, key } = await start();
    const { body } = await ask(key).expect(200);
    const line = (await app.log.requestLines(2)).at(-1);
    expect(line).toMatchObject({ path: REGENERATE, status: 200, outcome: 'accepted', userId: FIRST_ID });
    for (const secret of [key, body.api_key, 'hamlet']) expect(JSON.stringify(line)).not.toContain(secret);
  });
});

describe('contract 4.1: no new key', () => {
  it.each([
    ['no header', undefined, 'Not logged in: API authentication or user session required'],
    ['a forged key', basic('hamlet', 'A'.repeat(32)), 'Invalid API key'],
    ['a short key', basic('hamlet', 'short'), 'Malformed API key'],
  ])('for %s: the 401 with a challenge', async (_case, header, msg) => {
    const { listener } = await start();
    const test = request(listener).post(REGENERATE);
    const { text, headers } = await (header ? test.set('Authorization', header) : test).expect(401);
    expect(text).toBe(`{"result":"error","msg":"${msg}","code":"UNAUTHORIZED"}\n`);
    expect(headers['www-authenticate']).toBe('Basic realm="zulip"');
  });

  it.each(['session=abc', 'sessionid=abc; csrftoken=def'])(
    'for a cookie alone (%s): the 401',
    async (cookie) => {
      const { listener } = await start();
      await request(listener).post(REGENERATE).set('Cookie', cookie).expect(401);
    },
  );

  it("for a good key beside a name that is not its owner's, and the key lives on", async () => {
    const { ask, verify, key } = await start();
    expect((await ask(key, 'ophelia@example.org').expect(401)).text).toBe(INVALID);
    await verify(key).expect(200);
  });

  it('for a key that another request has just replaced: the 401 of a dead key', async () => {
    const { app, ask, key } = await start(async ({ store }) => {
      const account = await store.accounts.read(FIRST_ID);
      if (!account?.key) throw new Error('the account has no key');
      const key = { ...account.key, nonce: '0'.repeat(32) };
      await store.accounts.mint(account.id, account.key.nonce, key);
    });
    const { text, headers } = await ask(key).expect(401);
    expect(text).toBe(INVALID);
    expect(headers['www-authenticate']).toBe('Basic realm="zulip"');
    expect((await app.log.requestLines(2)).at(-1)).toMatchObject({ status: 401, outcome: 'unknown-key' });
  });

  it('while the store is away: a 503, and the key lives on', async () => {
    const { app, ask, verify, key } = await start(async ({ store }) => store.setAway('accounts'));
    const { body } = await ask(key).expect(503);
    expect(body.code).toBe('SERVICE_UNAVAILABLE');
    app.store.setAway('none');
    await verify(key).expect(200);
  });
});

describe('contract 5: the endpoint is a rest_path one', () => {
  it('answers OPTIONS with a 204 and the methods', async () => {
    const { listener } = await start();
    const { headers, text } = await request(listener).options(REGENERATE).expect(204);
    expect(headers['allow']).toBe('POST');
    expect(text).toBe('');
  });

  it.each(['get', 'put', 'patch', 'delete'] as const)('answers %s with a 405', async (method) => {
    const { listener } = await start();
    const { text, headers } = await request(listener)[method](REGENERATE).expect(405);
    expect(text).toBe('{"result":"error","msg":"Method Not Allowed","allowed_methods":["POST"]}');
    expect(headers['allow']).toBe('POST');
  });

  it.each(['post', 'options', 'get'] as const)('forbids caches, for %s too', async (method) => {
    const { listener } = await start();
    const { headers } = await request(listener)[method](REGENERATE);
    expect(headers['cache-control']).toBe(NEVER);
    expect(Date.parse(headers['expires'] ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it.each(['/json/users/me/api_key/regenerate', `${REGENERATE}/`])('has no twin at %s', async (path) => {
    const { listener, key } = await start();
    await request(listener).post(path).set('Authorization', basic('hamlet', key)).expect(404);
  });
});
