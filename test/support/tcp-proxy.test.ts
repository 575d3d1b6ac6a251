import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'ldapts';
import { type OpenLdap, startOpenLdap } from './open-ldap.ts';
import { startRedis } from './redis-server.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

describe('a proxy in front of OpenLDAP', () => {
  let server: OpenLdap;
  let proxy: TcpProxy;
  const aliceDn = 'uid=alice,ou=people,dc=example,dc=org';
  const newClient = (timeout = 1_000) =>
    new Client({ url: `ldap://127.0.0.1:${proxy.port}`, timeout, connectTimeout: timeout });
  const bindAlice = (client: Client) => client.bind(aliceDn, 'alice-secret');

  beforeAll(async () => {
    server = await startOpenLdap();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    proxy = await startTcpProxy(server);
  });
  afterEach(async () => {
    await proxy?.[Symbol.asyncDispose]();
  });

  test('counts connections and requests, and reads the DNs of binds', async () => {
    const client = newClient();
    await client.bind(server.serviceDn, server.servicePassword);
    await client.search(server.baseDn, { filter: '(uid=alice)' });
    await client.search(server.baseDn, { filter: '(uid=bob)' });
    await bindAlice(client);
    expect(proxy.ldapOps()).toMatchObject({ bind: 2, search: 2, unbind: 0, extended: 0 });
    expect(proxy.binds()).toEqual([server.serviceDn, aliceDn]);
    expect(proxy.counts.connections).toBe(1);
    expect(proxy.roundTrips()).toBe(4);

    proxy.resetCounts();
    expect(proxy.ldapOps()).toMatchObject({ bind: 0, search: 0 });
    expect(proxy.binds()).toEqual([]);
    await client.unbind();
  });

  test('reads along when messages come in pieces and several at once', async () => {
    const name = Buffer.from(aliceDn);
    const request = Buffer.concat([
      Buffer.from([0x02, 1, 3, 0x04, name.length]),
      name,
      Buffer.from([0x80, 1, 0x61]),
    ]);
    // The length of the message in its long form, as a client may write it.
    const bind = Buffer.concat([Buffer.from([0x02, 1, 1, 0x60, request.length]), request]);
    const message = Buffer.concat([Buffer.from([0x30, 0x82, 0, bind.length]), bind]);
    const unbind = Buffer.from([0x30, 5, 0x02, 1, 2, 0x42, 0]);
    const socket = connect({ host: '127.0.0.1', port: proxy.port, noDelay: true });
    await once(socket, 'connect');
    const last = message.length - 1;
    for (const byte of message.subarray(0, last)) {
      await new Promise((written) => socket.write(Buffer.from([byte]), written));
    }
    socket.end(Buffer.concat([message.subarray(last), unbind]));
    await once(socket.resume(), 'close');
    expect(proxy.binds()).toEqual([aliceDn]);
    expect(proxy.ldapOps()).toMatchObject({ bind: 1, unbind: 1 });
  });

  test('sees no request once StartTLS has begun, but the StartTLS itself', async () => {
    const client = newClient();
    await client.startTLS({ ca: await readFile(server.caFile), servername: 'localhost' });
    await bindAlice(client);
    expect(proxy.ldapOps()).toMatchObject({ extended: 1, bind: 0 });
    await client.unbind();
  });

  test('delays by its latency, each way', async () => {
    const client = newClient();
    await bindAlice(client);
    await proxy.set({ latency: 100 });
    const begin = performance.now();
    await bindAlice(client);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(200);
    await client.unbind();
  });

  test('refuses connections, while open ones go on', async () => {
    const before = newClient();
    await bindAlice(before);
    await proxy.set({ mode: 'refuse' });
    await expect(bindAlice(newClient())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await bindAlice(before);
    await proxy.set({});
    const after = newClient();
    await bindAlice(after);
    await Promise.all([before.unbind(), after.unbind()]);
  });

  test('is a black hole that accepts and does not answer, and lets through what it held back', async () => {
    await proxy.set({ mode: 'blackhole' });
    await expect(bindAlice(newClient(200))).rejects.toThrow(/timed out/);
    const client = newClient(10_000);
    const bound = bindAlice(client);
    await proxy.set({});
    await bound;
    await client.unbind();
  });

  test('resets new connections, and open ones at once', async () => {
    const open = connect({ host: '127.0.0.1', port: proxy.port });
    await once(open, 'connect');
    const broken = once(open, 'error');
    await proxy.set({ mode: 'reset' });
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
    await expect(bindAlice(newClient())).rejects.toThrow();
  });

  test('kills what is open and serves what comes', async () => {
    const open = connect({ host: '127.0.0.1', port: proxy.port });
    await once(open, 'connect');
    const broken = once(open, 'error');
    proxy.kill();
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
    const client = newClient();
    await bindAlice(client);
    await client.unbind();
  });

  test('passes on that the server is away, and that it is back', async () => {
    await server.stop();
    await expect(bindAlice(newClient())).rejects.toThrow();
    await server.start();
    const client = newClient();
    await bindAlice(client);
    await client.unbind();
  });
});

test('a proxy in front of Redis counts round trips, a pipeline as one', async () => {
  await using server = await startRedis();
  await using proxy = await startTcpProxy(server);
  const client = new Redis({ port: proxy.port, enableReadyCheck: false });
  await client.ping();
  proxy.resetCounts();
  await client.pipeline().set('a', '1').set('b', '2').get('a').exec();
  expect(proxy.roundTrips()).toBe(1);
  await client.get('b');
  expect(proxy.roundTrips()).toBe(2);
  client.disconnect();
});

test('a proxy is a black hole for those clients alone who begin by saying something', async () => {
  await using server = await startRedis();
  await using proxy = await startTcpProxy(server);
  using clients = new DisposableStack();
  const connectTo = (port: number) =>
    clients.adopt(new Redis({ port, commandTimeout: 5_000 }), (client) => client.disconnect());
  const [listening, asking, publishing] = [proxy, proxy, server].map(({ port }) => connectTo(port));
  const heard: string[] = [];
  listening?.on('message', (_, message) => heard.push(message));
  await listening?.subscribe('some-channel');
  await proxy.set({ mode: 'blackhole', saying: 'some-channel' });
  expect(await publishing?.publish('some-channel', 'news')).toBe(1);
  expect(await asking?.ping()).toBe('PONG');
  expect(heard).toEqual([]);
  await proxy.set({});
  await until('what was held back has come', () => heard.length > 0);
});

test('a proxy closes what it has to end and to reset at the same moment', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}).resume());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await using proxy = await startTcpProxy(server.address() as AddressInfo);
  await proxy.set({ latency: 100 });
  const client = connect({ host: '127.0.0.1', port: proxy.port });
  await once(
    client.on('error', () => {}),
    'connect',
  );
  await once(client.end(), 'finish');
  // The proxy hears of the end before a later timer fires.
  await delay(50);
  const killed = delay(51).then(() => proxy.kill());
  // Both are due when this process goes on: the end, and the reset right behind it.
  const goesOnAt = performance.now() + 200;
  while (performance.now() < goesOnAt);
  await killed;
  await until('the connection is closed', () => proxy.openConnections() === 0);
  server.close();
});
