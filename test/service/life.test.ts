import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

describe('the life of the service', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  test('does not begin with settings that are wrong: every fault on stderr, exit code 78', async () => {
    const env = { ...stack.env, LDAP_URL: 'ldap://ldap.example.org', PORT: 'x', LDAP_BIND_DN: '' };
    const failure = await startServiceProcess({ ...env, LDAP_PORT: 'tcp://10.0.0.1:389' }).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({
      code: 78,
      stderr:
        'PORT: not a port number\n' +
        'LDAP_URL: ldap:// would send passwords in clear; write ldaps://, or set startTls (LDAP_STARTTLS=true)\n' +
        "LDAP_BIND_DN: missing; set it to the service account's DN, such as cn=latchkey,ou=services,dc=example,dc=org\n",
    });
  });

  test('does not begin with a user filter that is none', async () => {
    const env = { ...stack.env, LDAP_USER_FILTER: '(uid={username}' };
    const failure = await startServiceProcess(env).catch((error) => error);
    expect(failure).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/^directory "default": userFilter \(LDAP_USER_FILTER\): .+\n$/),
    });
  });

  test('does not begin on a port that is taken', async () => {
    const taken = createServer((_req, res) => res.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const failure = await startServiceProcess({ ...stack.env, PORT: String(port) }).catch((error) => error);
    taken.close();
    expect(failure).toMatchObject({
      code: 1,
      stderr: `cannot listen on 127.0.0.1 port ${port}: EADDRINUSE\n`,
    });
  });

  test('warns of variables that mean nothing', async () => {
    const service = await stack.startService({ LDAP_PORT: 'tcp://10.0.0.1:389' });
    await until('it is logged', () =>
      service
        .logs()
        .some(
          ({ level, msg }) =>
            level === 'warn' && msg === 'LDAP_PORT: not a known variable; did you mean LDAP_URL?',
        ),
    );
  });

  test('ends at SIGTERM once what is in flight is finished, with exit code 0', async () => {
    const service = await stack.startService();
    expect((await signIn(service.url, 'bob', 'bob-secret')).status).toBe(200);
    await stack.ldapProxy.set({ latency: 300 });
    stack.ldapProxy.resetCounts();
    const inFlight = signIn(service.url, 'alice', 'alice-secret');
    await until('the directory is asked', () => stack.ldapProxy.ldapOps().search > 0);
    service.signal('SIGTERM');
    const { status, apiKey } = await inFlight;
    expect(status).toBe(200);
    expect(await service.exited).toEqual({ code: 0, signal: null });
    await expect(fetch(service.url)).rejects.toThrow();
    expect(service.logs().at(-1)).toMatchObject({ msg: 'stopped' });
    await stack.ldapProxy.set({});
    const next = await stack.startService();
    expect((await verify(next.url, apiKey)).status).toBe(200);
  });

  test('says of every verification what came of it, or how many more there were, to its end', async () => {
    const service = await stack.startService();
    await askWithoutKey(service.port, 1_500);
    service.signal('SIGTERM');
    await service.exited;
    const lines = service.logs().filter(({ outcome }) => outcome === 'no-credentials');
    const leftOut = lines.filter(({ msg }) => msg === 'more requests').map(({ count }) => Number(count));
    const written = lines.filter(({ msg }) => msg === 'request').length;
    expect(leftOut).not.toEqual([]);
    expect(written + leftOut.reduce((sum, count) => sum + count)).toBe(1_500);
  });

  test('ends within its bound where something in flight does not', async () => {
    const settings = 'http: { shutdownWithin: 200ms }\ndirectory: { operationTimeout: 1h }\n';
    const service = await stack.startService({ LATCHKEY_CONFIG: yamlFile(settings) });
    // So that it is a connection in use that hangs, and not one that is being opened.
    expect((await signIn(service.url, 'bob', 'bob-secret')).status).toBe(200);
    await stack.ldapProxy.set({ mode: 'blackhole' });
    stack.redisProxy.resetCounts();
    const hanging = signIn(service.url, 'alice', 'alice-secret').catch((error: unknown) => error);
    await until('it hangs', () => stack.redisProxy.roundTrips() > 0);
    service.signal('SIGTERM');
    expect(await service.exited).toEqual({ code: 0, signal: null });
    expect(await hanging).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    await stack.ldapProxy.set({});
  });

  test('keeps keys in its own process where REDIS_URL is memory:', async () => {
    const service = await stack.startService({ REDIS_URL: 'memory:' });
    const { apiKey } = await signIn(service.url, 'alice', 'alice-secret');
    expect((await verify(service.url, apiKey)).status).toBe(200);
    await until('it is logged', () =>
      service.logs().some(({ level, msg }) => level === 'warn' && String(msg).includes('memory:')),
    );
    const other = await stack.startService({ REDIS_URL: 'memory:' });
    expect((await verify(other.url, apiKey)).status).toBe(401);
  });
});

/** Ask about no key so many times, over one connection, without waiting between. */
async function askWithoutKey(port: number, times: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  socket.write('GET /verify HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(times));
  await until('all are answered', () => received.split('WWW-Authenticate').length > times);
  socket.destroy();
}
