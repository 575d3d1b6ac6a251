import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { exchange, openConnection } from './exchange.ts';
import { createMemoryApp, FETCH_API_KEY, PASSWORD } from './memory-app.ts';

const LIMIT = 64 * 1024;
const PAIRS = new URLSearchParams({ username: 'hamlet', password: PASSWORD, rest: '' }).toString();
const TOO_LARGE = '{"result":"error","msg":"Request body is larger than 64 KiB","code":"BAD_REQUEST"}\n';
const HEALTHY = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const MULTIPART = 'multipart/form-data; boundary=b';

function post(type: string, body: string, more = `Content-Length: ${body.length}\r\n`): string {
  return `POST ${FETCH_API_KEY} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${more}\r\n${body}`;
}

function chunked(type: string, body: string): string {
  const frame = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  return post(type, '', 'Transfer-Encoding: chunked\r\n').concat(frame);
}

function multipart(...fields: [string, string][]): string {
  const parts = fields.map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join('')}--b--\r\n`;
}

describe('a body over 64 KiB', () => {
  const bodies: [string, string][] = [
    ['application/x-www-form-urlencoded', PAIRS.padEnd(LIMIT + 1, 'x')],
    [MULTIPART, multipart(['username', 'hamlet'], ['password', 'x'.repeat(LIMIT)])],
    ['application/json', JSON.stringify('x'.repeat(LIMIT))],
    ['text/plain', 'x'.repeat(10 * LIMIT)],
  ];

  it.each(bodies)('of type %s is a 413, and the next request is served', async (type, body) => {
    const app = createMemoryApp();
    const [tooLarge, next] = await exchange(app.listener, post(type, body), HEALTHY);
    expect(tooLarge).toMatchObject({ status: 413, body: TOO_LARGE });
    expect(next?.status).toBe(200);
    expect(app.directory.binds()).toBe(0);
  });

  it.each(bodies)('of type %s, sent in chunks, is a 413 too', async (type, body) => {
    const [tooLarge, next] = await exchange(createMemoryApp().listener, chunked(type, body), HEALTHY);
    expect(tooLarge).toMatchObject({ status: 413, body: TOO_LARGE });
    expect(next?.status).toBe(200);
  });

  it('is refused before it is here, where its length is told ahead', async () => {
    await using connection = await openConnection(createMemoryApp().listener);
    connection.socket.write(post('text/plain', '', 'Content-Length: 100000000\r\n'));
    const [answer] = await once(connection.socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is refused on every path that reads bodies', async () => {
    const body = 'x'.repeat(LIMIT + 1);
    const head = `Content-Length: ${body.length}\r\nHost: a\r\n\r\n${body}`;
    const answers = await exchange(
      createMemoryApp().listener,
      `GET /api/v1/users/me HTTP/1.1\r\n${head}`,
      `POST /nothing HTTP/1.1\r\n${head}`,
      HEALTHY,
    );
    expect(answers.map(({ status }) => status)).toEqual([413, 413, 200]);
  });
});

describe('a body of 64 KiB exactly', () => {
  it.each([
    ['application/x-www-form-urlencoded', PAIRS.padEnd(LIMIT, 'x')],
    [
      MULTIPART,
      multipart(
        ['username', 'hamlet'],
        ['password', PASSWORD],
        [
          'rest',
          'x'.repeat(LIMIT - multipart(['username', 'hamlet'], ['password', PASSWORD], ['rest', '']).length),
        ],
      ),
    ],
  ])('of type %s is read', async (type, body) => {
    expect(body).toHaveLength(LIMIT);
    const app = createMemoryApp();
    const answers = await exchange(app.listener, post(type, body), chunked(type, body), HEALTHY);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('an empty body', () => {
  it.each([MULTIPART, 'application/x-www-form-urlencoded'])('of type %s has no parameters', async (type) => {
    const [answer] = await exchange(createMemoryApp().listener, post(type, ''), HEALTHY);
    expect(answer?.body).toContain("Missing 'username' argument");
  });
});

describe('a multipart form that is malformed', () => {
  const whole = multipart(['username', 'hamlet'], ['password', PASSWORD]);

  it.each([
    ['has no boundary', 'multipart/form-data', whole],
    ['is cut off', MULTIPART, whole.slice(0, -20)],
    ['lacks its last boundary', MULTIPART, whole.replace('--b--\r\n', '')],
    ['is of another boundary', 'multipart/form-data; boundary=c', whole],
    ['is no multipart at all', MULTIPART, PAIRS],
  ])('(it %s) is a 400, and the next request is served', async (_case, type, body) => {
    const app = createMemoryApp();
    const [malformed, next] = await exchange(app.listener, post(type, body), HEALTHY);
    expect(malformed).toMatchObject({
      status: 400,
      body: '{"result":"error","msg":"Malformed multipart form","code":"BAD_REQUEST"}\n',
    });
    expect(next?.status).toBe(200);
    expect(app.directory.binds()).toBe(0);
  });

  it('is not one that brings a file, which is passed over', async () => {
    const { body } = await request(createMemoryApp().listener)
      .post(FETCH_API_KEY)
      .field('username', 'hamlet')
      .attach('password', Buffer.from(PASSWORD), 'password.txt')
      .expect(400);
    expect(body.var_name).toBe('password');
  });
});

describe('an encoded body', () => {
  it.each(['gzip', 'deflate', 'br', 'rot13'])('(%s) is a 415', async (encoding) => {
    const { text } = await request(createMemoryApp().listener)
      .post(FETCH_API_KEY)
      .type('form')
      .set('Content-Encoding', encoding)
      .send(PAIRS)
      .expect(415);
    expect(text).toBe('{"result":"error","msg":"Unsupported content encoding","code":"BAD_REQUEST"}\n');
  });

  it('(identity) is read as it is', async () => {
    await request(createMemoryApp().listener)
      .post(FETCH_API_KEY)
      .type('form')
      .set('Content-Encoding', 'identity')
      .send(PAIRS)
      .expect(200);
  });
});
