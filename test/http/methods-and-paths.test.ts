import { describe, expect, it } from '@jest/globals';
import { exchange } from './exchange.ts';
import { createMemoryApp, FETCH_API_KEY } from './memory-app.ts';

async function ask(method: string, path: string) {
  const { listener } = createMemoryApp();
  const head = `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
  const [answer] = await exchange(listener, head);
  if (!answer) throw new Error('no answer came');
  return answer;
}

const SETTINGS = '/api/v1/server_settings';

describe('a method that an endpoint does not have', () => {
  it.each([
    ['GET', FETCH_API_KEY, 'POST', '["POST"]'],
    ['PUT', FETCH_API_KEY, 'POST', '["POST"]'],
    ['OPTIONS', FETCH_API_KEY, 'POST', '["POST"]'],
    ['DELETE', FETCH_API_KEY, 'POST', '["POST"]'],
    ['PATCH', FETCH_API_KEY, 'POST', '["POST"]'],
    ['POST', SETTINGS, 'GET, HEAD', '["GET","HEAD"]'],
    ['OPTIONS', SETTINGS, 'GET, HEAD', '["GET","HEAD"]'],
    ['POST', '/api/v1/users/me', 'GET, HEAD', '["GET","HEAD"]'],
    ['PATCH', '/api/v1/users/me', 'GET, HEAD', '["GET","HEAD"]'],
    ['POST', '/healthz', 'GET, HEAD', '["GET","HEAD"]'],
    ['DELETE', '/readyz', 'GET, HEAD', '["GET","HEAD"]'],
  ])('(%s %s) is a 405 without code and line feed', async (method, path, allow, list) => {
    const { status, head, body } = await ask(method, path);
    expect(status).toBe(405);
    expect(head.split('\r\n')).toContain(`Allow: ${allow}`);
    expect(head.split('\r\n')).toContain('Content-Type: application/json');
    expect(body).toBe(`{"result":"error","msg":"Method Not Allowed","allowed_methods":${list}}`);
  });

  it('is answered to HEAD without a body', async () => {
    const { status, head, body } = await ask('HEAD', FETCH_API_KEY);
    expect(status).toBe(405);
    expect(head).toMatch(/^Allow: POST$/m);
    expect(head).toMatch(/^Content-Length: 72$/m);
    expect(body).toBe('');
  });
});

describe('a path that is not there', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/api/v1'],
    ['GET', '/api/v1/nothing'],
    ['POST', '/api/v1/dev_fetch_api_key'],
    ['OPTIONS', '/api/v1/nothing'],
    ['GET', '/api/v1/server_settings/'],
    ['GET', '/api/v1/users/me/'],
    ['GET', '/api/v1/get_auth_backends'],
    ['POST', '/api/v1/%zz'],
    ['GET', '/healthz/'],
    ['GET', '/verifyx'],
    ['GET', '/Verify'],
    ['GET', '/../verify'],
  ])('(%s %s) is a 404 in the envelope', async (method, path) => {
    const { status, head, body } = await ask(method, path);
    expect(status).toBe(404);
    expect(head).toMatch(/^Content-Type: application\/json$/m);
    expect(body).toBe('{"result":"error","msg":"Not found","code":"NOT_FOUND"}\n');
  });

  it('is answered to HEAD without a body', async () => {
    expect(await ask('HEAD', '/api/v1/nothing')).toMatchObject({ status: 404, body: '' });
  });
});
