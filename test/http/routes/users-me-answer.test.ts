import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { basic, createMemoryApp, FIRST_ID, fetchKey, person } from '../memory-app.ts';

const ME = '/api/v1/users/me';
const NEVER = 'max-age=0, no-cache, no-store, must-revalidate, private';

async function ask(method: 'get' | 'head') {
  const app = createMemoryApp({ people: [person('hamlet', { fullName: 'Hamlet, "Prince" of Dänemark' })] });
  const key = await fetchKey(app);
  const answer = await request(app.listener)
    [method](ME)
    .set('Authorization', basic('hamlet', key))
    .expect(200);
  return { app, answer };
}

describe('whom a key stands for', () => {
  it("is told in Zulip's keys and order", async () => {
    const avatar = createHash('sha256').update('hamlet@example.org').digest('hex');
    const { answer } = await ask('get');
    expect(answer.text).toBe(
      '{"result":"success","msg":"","email":"hamlet@example.org",' +
        `"user_id":${FIRST_ID},"avatar_version":1,"is_admin":false,"is_owner":false,"is_guest":false,"role":400,` +
        '"is_bot":false,"full_name":"Hamlet, \\"Prince\\" of Dänemark","timezone":"","is_active":true,' +
        '"date_joined":"2026-03-04T05:06+00:00","delivery_email":"hamlet@example.org",' +
        `"avatar_url":"https://secure.gravatar.com/avatar/${avatar}?d=identicon&version=1",` +
        '"profile_data":{},"max_message_id":-1}\n',
    );
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('is never kept by a cache', async () => {
    const { answer } = await ask('get');
    expect(answer.headers['cache-control']).toBe(NEVER);
    expect(Date.parse(answer.headers['expires'] ?? '')).toBeLessThanOrEqual(Date.now());
    expect(answer.headers).not.toHaveProperty('etag');
  });

  it('is told to HEAD by the headers alone', async () => {
    const { answer } = await ask('head');
    expect(answer.text).toBeUndefined();
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(300);
  });

  it('never names parameters that were ignored', async () => {
    const { app } = await ask('get');
    const key = await fetchKey(app);
    const { body } = await request(app.listener)
      .get(`${ME}?extra=1`)
      .set('Authorization', basic('hamlet', key))
      .expect(200);
    expect(body).not.toHaveProperty('ignored_parameters_unsupported');
  });

  it('is logged by the id alone', async () => {
    const { app } = await ask('get');
    const line = (await app.log.requestLines(2)).at(-1);
    expect(line).toMatchObject({ path: ME, status: 200, outcome: 'accepted', userId: FIRST_ID });
    expect(JSON.stringify(line)).not.toContain('hamlet');
  });
});

describe('OPTIONS', () => {
  it('is a 204 with the methods, for a preflight', async () => {
    const { headers, text } = await request(createMemoryApp().listener).options(ME).expect(204);
    expect(headers['allow']).toBe('GET, HEAD');
    expect(headers['access-control-allow-headers']).toBe('Authorization');
    expect(text).toBe('');
  });
});

describe('contract 5: every answer of a rest_path endpoint', () => {
  it.each(['options', 'post', 'delete'] as const)('forbids caches, %s included', async (method) => {
    const { headers } = await request(createMemoryApp().listener)[method](ME);
    expect(headers['cache-control']).toBe(NEVER);
    expect(headers).toHaveProperty('expires');
  });
});
