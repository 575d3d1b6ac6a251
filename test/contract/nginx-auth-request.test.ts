import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../service/stack.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { inRepository } from '../support/repository.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { ask, basic } from './ask.ts';
import { fetchKey } from './sign-in.ts';

/** What the application behind the gateway was asked. */
interface Asked {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The configuration that docs/gateways.md shows, between our own servers and without TLS. */
function documented(listen: string, latchkey: number, application: number): string {
  const [, snippet = ''] =
    /^## nginx\n\n```nginx\n([\s\S]+?)^```/m.exec(readFileSync(inRepository('docs/gateways.md'), 'utf8')) ??
    [];
  const replaced: [shown: string, ours: string][] = [
    ['127.0.0.1:8080', `127.0.0.1:${latchkey}`],
    ['listen 443 ssl;', `listen ${listen};`],
    ['http://application;', `http://127.0.0.1:${application};`],
  ];
  return replaced.reduce((config, [shown, ours]) => {
    if (!config.includes(shown)) throw new Error(`docs/gateways.md no longer shows "${shown}"`);
    return config.replace(shown, ours);
  }, snippet);
}

describe('the nginx configuration of docs/gateways.md', () => {
  const asked: Asked[] = [];
  let stack: Stack;
  let application: Server;
  let service: ServiceProcess;
  let nginx: Nginx;
  let key: string;

  beforeAll(async () => {
    stack = await startStack();
    service = await stack.startService({ TRUST_PROXY: 'loopback' });
    application = createServer((req, res) => {
      text(req).then((body) => {
        asked.push({ method: req.method ?? '', headers: req.headers, body });
        res.end('from the application');
      });
    }).listen(0, '127.0.0.1');
    await once(application, 'listening');
    const { port } = application.address() as AddressInfo;
    nginx = await startNginx({ http: (listen) => documented(listen, service.port, port) });
    key = await fetchKey(nginx.url, 'alice');
  });
  afterAll(async () => {
    await nginx?.[Symbol.asyncDispose]();
    application?.close().closeAllConnections();
    await stack?.[Symbol.asyncDispose]();
  });

  /** What the application was asked last. */
  const last = () => asked.at(-1);

  test.each([
    ['Bearer', () => ({ Authorization: `Bearer ${key}` })],
    ['Basic', () => ({ Authorization: basic('alice@example.org', key) })],
    ['X-API-Key', () => ({ 'X-API-Key': key })],
  ] as const)('lets a good key through (%s), and says whose it is', async (_how, headers) => {
    const { status, text: answer } = await ask(`${nginx.url}/path?q=1`, { headers: headers() });
    expect([status, answer]).toEqual([200, 'from the application']);
    expect(last()?.headers).toMatchObject({
      'remote-user': 'alice',
      'remote-email': 'alice@example.org',
      'remote-name': 'Alice Archer',
      'x-auth-user-id': expect.stringMatching(/^\d+$/),
    });
  });

  test('hides the key from the application', async () => {
    await ask(nginx.url, { headers: { 'X-API-Key': key } });
    await ask(nginx.url, { headers: { Authorization: `Bearer ${key}` } });
    expect(JSON.stringify(asked.slice(-2))).not.toContain(key);
  });

  test('puts its own headers in the place of those that the client sent', async () => {
    const claimed = { 'Remote-User': 'root', 'Remote-Email': 'root@example.org', 'Remote-Groups': 'admins' };
    const headers = { ...claimed, 'X-Auth-User-Id': '1', Authorization: `Bearer ${key}` };
    expect((await ask(nginx.url, { headers })).status).toBe(200);
    expect(last()?.headers).toMatchObject({ 'remote-user': 'alice', 'remote-email': 'alice@example.org' });
    expect(last()?.headers['x-auth-user-id']).not.toBe('1');
    expect(JSON.stringify(last()?.headers)).not.toMatch(/root|admins/);
  });

  test.each([
    ['no key', {}],
    ['an unknown key', { Authorization: `Bearer ${'A'.repeat(32)}` }],
    [
      'no key, but headers that name somebody',
      { 'Remote-User': 'alice', 'Remote-Email': 'alice@example.org' },
    ],
  ])('refuses %s with a 401, and the application hears nothing of it', async (_what, headers) => {
    const before = asked.length;
    const { status, headers: answered } = await ask(nginx.url, { headers });
    expect([status, answered.get('www-authenticate')]).toEqual([401, expect.stringContaining('Basic')]);
    expect(asked).toHaveLength(before);
  });

  test.each(['POST', 'PUT', 'PATCH'])('carries the body of a %s to the application whole', async (method) => {
    const body = 'x'.repeat(300_000);
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'text/plain' };
    expect((await ask(`${nginx.url}/upload`, { method, headers, body })).status).toBe(200);
    expect(last()).toMatchObject({ method, body });
  });

  test('asks about keys under no address of its own', async () => {
    const { status } = await ask(`${nginx.url}/_verify`, { headers: { Authorization: `Bearer ${key}` } });
    expect(status).toBe(404);
  });

  test('turns an outage into a 500, and lets nobody in', async () => {
    const before = asked.length;
    await stack.redisProxy.set({ mode: 'refuse' });
    stack.redisProxy.kill();
    // Until the loss is noticed, what was just verified is remembered.
    await until('it is known', async () => (await fetch(`${service.url}/readyz`)).status === 503);
    const { status } = await ask(nginx.url, { headers: { Authorization: `Bearer ${key}` } });
    await stack.redisProxy.set({});
    expect([status, asked.length]).toEqual([500, before]);
  });
});
