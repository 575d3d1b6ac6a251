import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { exchange } from '../exchange.ts';
import { basic, createMemoryApp, FIRST_ID, fetchKey, type MemoryAppOptions, person } from '../memory-app.ts';

async function withKey(options: MemoryAppOptions = {}) {
  const app = createMemoryApp(options);
  return { app, key: await fetchKey(app) };
}

const IDENTITY = {
  'remote-user': 'hamlet',
  'remote-email': 'hamlet@example.org',
  'remote-name': 'hamlet of Denmark',
  'remote-groups': '',
  'x-auth-user-id': String(FIRST_ID),
};

describe('a gateway that asks about a good key', () => {
  it.each([
    ['Basic with the email', (key: string) => ['Authorization', basic('hamlet@example.org', key)]],
    ['Basic with the login name', (key: string) => ['Authorization', basic('HAMLET', key)]],
    ['Bearer', (key: string) => ['Authorization', `Bearer ${key}`]],
    ['bearer', (key: string) => ['Authorization', `bearer ${key}`]],
    ['X-API-Key', (key: string) => ['X-API-Key', key]],
  ])('by %s gets exactly 200, an empty body and all five headers', async (_case, header) => {
    const { app, key } = await withKey();
    const [name = '', value = ''] = header(key);
    const { status, text, headers } = await request(app.listener).get('/verify').set(name, value);
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(headers).toMatchObject({ ...IDENTITY, 'content-length': '0', 'cache-control': 'no-store' });
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers).not.toHaveProperty('www-authenticate');
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'REPORT'])(
    'may ask with the method of the request: %s',
    async (method) => {
      const { app, key } = await withKey();
      const head = `${method} /verify HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-API-Key: ${key}\r\n\r\n`;
      const [answer] = await exchange(app.listener, head);
      expect(answer).toMatchObject({ status: 200, body: '' });
      expect(answer?.head).toMatch(/^Remote-User: hamlet$/m);
    },
  );

  it.each([
    '/verify',
    '/verify/',
    '/verify/a/b?x=1',
    '/verify?x=1',
    '/verify//',
    '/verify/%zz',
    '/verify/../x',
  ])('may append the path of the request: %s', async (path) => {
    const { app, key } = await withKey();
    const head = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-API-Key: ${key}\r\n\r\n`;
    const [answer] = await exchange(app.listener, head);
    expect(answer).toMatchObject({ status: 200, body: '' });
  });

  it('may bring a body of any size and type, which is not read', async () => {
    const { app, key } = await withKey();
    const body = 'x'.repeat(1024 * 1024);
    const head = `POST /verify HTTP/1.1\r\nHost: a\r\nX-API-Key: ${key}\r\n`;
    const answers = await exchange(
      app.listener,
      `${head}Content-Type: multipart/form-data\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      `${head}Content-Encoding: rot13\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`,
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('is answered before the body has come', async () => {
    const { app, key } = await withKey();
    const [answer] = await exchange(
      app.listener,
      `POST /verify HTTP/1.1\r\nHost: a\r\nX-API-Key: ${key}\r\nConnection: close\r\nContent-Length: 9999\r\n\r\n`,
    );
    expect(answer?.status).toBe(200);
  });
});

describe('the identity headers', () => {
  it.each([
    ['Zoë', 'Zo%C3%AB'],
    ['100% Dane', '100%25 Dane'],
    ['Hamlet, Prince', 'Hamlet, Prince'],
    ['山田太郎', '%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E'],
    ['a\r\nRemote-User: claudius', 'a%0D%0ARemote-User: claudius'],
    ['🤴', '%F0%9F%A4%B4'],
  ])('carry the name %j as %s', async (fullName, header) => {
    const { app, key } = await withKey({ people: [person('hamlet', { fullName })] });
    const { headers } = await request(app.listener).get('/verify').set('X-API-Key', key).expect(200);
    expect(headers).toMatchObject({ ...IDENTITY, 'remote-name': header });
  });

  it('are there even where they are empty, so that none of the client comes through', async () => {
    const { app, key } = await withKey({ people: [person('hamlet', { fullName: '' })] });
    const { headers } = await request(app.listener)
      .get('/verify')
      .set('X-API-Key', key)
      .set('Remote-Name', 'Claudius')
      .set('Remote-Groups', 'kings')
      .expect(200);
    expect(headers).toMatchObject({ 'remote-name': '', 'remote-groups': '' });
  });

  it('encode login name and email too', async () => {
    const app = createMemoryApp({ people: [person('zoë', { emails: ['zoë%@example.org'] })] });
    const key = await fetchKey(app, 'zoë');
    const { headers } = await request(app.listener).get('/verify').set('X-API-Key', key).expect(200);
    expect(headers).toMatchObject({ 'remote-user': 'zo%C3%AB', 'remote-email': 'zo%C3%AB%25@example.org' });
  });

  it('is told what the settings call the person', async () => {
    const remoteUser = () => 'håmlet@default';
    const { app, key } = await withKey({ remoteUser });
    const { headers } = await request(app.listener).get('/verify').set('X-API-Key', key);
    expect(headers).toMatchObject({ ...IDENTITY, 'remote-user': 'h%C3%A5mlet@default' });
  });

  it('is told no email of somebody who shares it, which still is a name beside the key', async () => {
    const emails = ['office@example.org'];
    const people = [person('hamlet', { emails }), person('ophelia', { emails })];
    const { app, key } = await withKey({ people, allowSharedEmails: true });
    const ask = request(app.listener).get('/verify').set('Authorization', basic('office@example.org', key));
    const { status, headers } = await ask;
    expect(status).toBe(200);
    expect(headers).toMatchObject({ ...IDENTITY, 'remote-email': '' });
  });
});
