import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import {
  createMemoryApp,
  FETCH_API_KEY,
  FIRST_ID,
  fetchKey,
  PASSWORD,
  person,
  signIn,
} from '../memory-app.ts';

describe('a sign-in with the right password', () => {
  it('answers the key, the email and the id in Zulip order, compact, with one line feed', async () => {
    const app = createMemoryApp();
    const { status, text, body } = await signIn(app, 'hamlet');
    expect(status).toBe(200);
    expect(body.api_key).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(text).toBe(
      `{"result":"success","msg":"","api_key":"${body.api_key}","email":"hamlet@example.org","user_id":${FIRST_ID}}\n`,
    );
  });

  it('names the type without a charset, the length in bytes and the language', async () => {
    const app = createMemoryApp({ people: [person('zoë', { emails: ['zoë@example.org'] })] });
    const { headers, text } = await signIn(app, 'zoë').expect(200);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
    expect(headers['content-language']).toBe('en');
    expect(headers['vary']).toMatch(/Accept-Language/);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['transfer-encoding']).toBeUndefined();
  });

  it.each(['HAMLET', ' hamlet ', 'Hamlet@Example.ORG'])(
    'answers the stored email, not %j as it was typed',
    async (typed) => {
      const { body } = await signIn(createMemoryApp(), typed).expect(200);
      expect(body.email).toBe('hamlet@example.org');
    },
  );

  it('gives the same key and the same id every time, by whichever name', async () => {
    const app = createMemoryApp();
    const first = await signIn(app, 'hamlet');
    const second = await signIn(app, 'hamlet@example.org');
    expect(second.text).toBe(first.text);
  });

  it('gives two people two keys and two ids', async () => {
    const app = createMemoryApp();
    const hamlet = await signIn(app, 'hamlet');
    const ophelia = await signIn(app, 'ophelia');
    expect(ophelia.body.api_key).not.toBe(hamlet.body.api_key);
    expect(ophelia.body.user_id).toBe(hamlet.body.user_id + 1);
  });

  it.each(['Basic %%%', 'Bearer of bad news', 'x', basicOfNobody()])(
    'does not look at the Authorization header %j',
    async (header) => {
      await signIn(createMemoryApp(), 'hamlet').set('Authorization', header).expect(200);
    },
  );

  it('keeps the first of several emails, for as long as the entry has it', async () => {
    const emails = ['h@example.org', 'hamlet@example.org'];
    const app = createMemoryApp({ people: [person('hamlet', { emails })] });
    expect((await signIn(app, 'hamlet')).body.email).toBe('h@example.org');
    emails.reverse();
    expect((await signIn(app, 'hamlet')).body.email).toBe('h@example.org');
    emails.pop();
    expect((await signIn(app, 'hamlet')).body.email).toBe('hamlet@example.org');
  });
});

describe('the path', () => {
  it.each([`${FETCH_API_KEY}/`, '/api/v1/Fetch_Api_Key', '/json/fetch_api_key'])(
    'is matched exactly: %s is not there, and nobody is asked',
    async (path) => {
      const app = createMemoryApp();
      const { text } = await request(app.listener)
        .post(path)
        .type('form')
        .send(new URLSearchParams({ username: 'hamlet', password: PASSWORD }).toString())
        .expect(404)
        .expect('Content-Type', 'application/json');
      expect(text).toBe('{"result":"error","msg":"Not found","code":"NOT_FOUND"}\n');
      expect(app.directory.binds()).toBe(0);
    },
  );
});

describe('a key typed as a password', () => {
  it('never reaches the directory', async () => {
    const app = createMemoryApp();
    const key = await fetchKey(app);
    await signIn(app, 'hamlet', key).expect(401);
    expect(app.directory.binds()).toBe(1);
  });
});

function basicOfNobody(): string {
  return `Basic ${Buffer.from('nobody:wrong').toString('base64')}`;
}
