import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Stack, startStack } from '../service/stack.ts';
import { yamlFile } from '../service/yaml-file.ts';
import { testCertificates } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { consult, skippedOf } from './consult.ts';

/** A gateway that does to a client's headers what these lines say. */
const gatewayTo = (port: number, lines: string) => (listen: string) =>
  `
server {
  listen ${listen};
  location / {
    proxy_pass http://127.0.0.1:${port};
    ${lines}
  }
}
`;
const SSO_SECRET = 'the-gateway-secret';
const OWN_LINE = 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;';

/** An address of this machine that is none of its loopback's; `undefined` where it has none. */
const outward = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
/** Over loopback alone a gateway cannot be told from its clients. */
const testOutward = outward === undefined ? test.skip : test;

describe('the steps of the public URL', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });
  /** Start a service for a URL, and a gateway there; consult the doctor with the service's settings. */
  async function behind(lines: string, over: Readonly<Record<string, string>>) {
    const port = await freePort();
    await using nginx: Nginx = await startNginx({ http: gatewayTo(port, lines) });
    const env = { ...over, LATCHKEY_PUBLIC_URL: nginx.url };
    await using service = await stack.startService({ ...env, PORT: String(port) });
    expect(service.port).toBe(port);
    return await consult({ ...stack.env, ...env });
  }

  test('warn where nothing answers: that is no reason against a sign-in', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const found = await consult({ ...stack.env, LATCHKEY_PUBLIC_URL: url });
    expect(found.step('public url')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('realm.publicUrl (LATCHKEY_PUBLIC_URL)'),
    });
    expect(skippedOf(found)).toEqual(
      expect.arrayContaining(['this service', 'forged host', 'forged address']),
    );
    expect(found.code).toBe(0);
  });

  test('are good where the service answers, and take back what they count', async () => {
    const port = await freePort();
    const env = { ...stack.env, LATCHKEY_PUBLIC_URL: `http://127.0.0.1:${port}` };
    await using service = await stack.startService({ ...env, PORT: String(port) });
    stack.ldapProxy.resetCounts();
    const found = await consult(env);
    expect(found.step('public url')).toMatchObject({ status: 'ok', seen: `${service.url}/healthz answers` });
    expect(found.step('this service').status).toBe('ok');
    expect(found.step('forged host').status).toBe('ok');
    expect(found.step('forged address')).toMatchObject({
      status: 'ok',
      seen: expect.stringContaining('ours arrives: 127.0.0.1'),
    });
    expect(found.step('forged sign-in').status).toBe('skipped');
    expect(stack.ldapProxy.binds().filter((dn) => dn !== stack.ldap.serviceDn)).toEqual([]);
    const redis = new Redis(stack.redis.url);
    try {
      expect(await redis.keys('*attempts:address:*')).toEqual([]);
    } finally {
      redis.disconnect();
    }
  });

  test('warn where another service answers', async () => {
    await using service = await stack.startService({ LATCHKEY_REALM_NAME: 'Elsewhere' });
    const found = await consult({ ...stack.env, LATCHKEY_PUBLIC_URL: service.url });
    expect(found.step('this service')).toMatchObject({
      status: 'warning',
      seen: expect.stringContaining('realm_url is "http://localhost:8080"'),
    });
    expect(found.code).toBe(0);
  });

  testOutward('fail where the gateway passes a client’s X-Forwarded-For on as it is', async () => {
    const port = await freePort();
    const http = gatewayTo(port, 'proxy_set_header X-Forwarded-For $http_x_forwarded_for;');
    const anywhere = (listen: string) => http(listen.replace('127.0.0.1', '0.0.0.0'));
    await using nginx = await startNginx({ http: anywhere });
    const env = { TRUST_PROXY: 'loopback', LATCHKEY_PUBLIC_URL: `http://${outward}:${nginx.port}` };
    await using _service = await stack.startService({ ...env, PORT: String(port) });
    const found = await consult({ ...stack.env, ...env });
    expect(found.step('forged address')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining('203.0.113.7 was believed'),
      fix: expect.stringContaining('http.trustProxy (TRUST_PROXY)'),
    });
    expect(found.code).toBe(1);
  });

  testOutward('fail where the gateway is not trusted: everybody is one address', async () => {
    const port = await freePort();
    const anywhere = (listen: string) => gatewayTo(port, OWN_LINE)(listen.replace('127.0.0.1', '0.0.0.0'));
    await using nginx = await startNginx({ http: anywhere });
    const env = { LATCHKEY_PUBLIC_URL: `http://${outward}:${nginx.port}` };
    await using _service = await stack.startService({ ...env, PORT: String(port) });
    const untrusted = await consult({ ...stack.env, ...env });
    expect(untrusted.step('forged address')).toMatchObject({
      status: 'failed',
      seen: expect.stringContaining(`takes 127.0.0.1 for the client, where we are ${outward}`),
      fix: expect.stringContaining('http.trustProxy (TRUST_PROXY): 127.0.0.1'),
    });
    expect(untrusted.code).toBe(1);
  });

  test('say that nothing is known where this machine itself is a trusted proxy', async () => {
    const found = await behind(OWN_LINE, { TRUST_PROXY: 'loopback' });
    expect(found.step('forged address')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('run doctor from a machine that'),
    });
    expect(found.code).toBe(0);
  });

  test('fail where a client may name itself to the sign-in by a gateway', async () => {
    const secretFile = join(yamlFile(''), '..', 'secret');
    await writeFile(secretFile, SSO_SECRET);
    const LATCHKEY_CONFIG = yamlFile(JSON.stringify({ sso: { trustedPeers: ['loopback'], secretFile } }));
    const adding = `proxy_set_header X-Latchkey-SSO-Secret ${SSO_SECRET};`;
    const open = await behind(adding, { LATCHKEY_CONFIG });
    expect(open.step('forged sign-in')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('take remote-user off what clients send'),
    });
    expect(open.code).toBe(1);
    expect(JSON.stringify(open.steps)).not.toContain(SSO_SECRET);
    const closed = await behind(`${adding} proxy_set_header Remote-User "";`, { LATCHKEY_CONFIG });
    expect(closed.step('forged sign-in').status).toBe('ok');
  });

  test('warn where the certificate is not believed', async () => {
    const { good } = await testCertificates();
    const server = createServer(good, (_req, res) => void res.end());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    try {
      const { port } = server.address() as AddressInfo;
      const found = await consult({ ...stack.env, LATCHKEY_PUBLIC_URL: `https://localhost:${port}` });
      expect(found.step('public url')).toMatchObject({
        status: 'warning',
        seen: expect.stringMatching(/certificate/),
      });
    } finally {
      server.close();
    }
  });
});
