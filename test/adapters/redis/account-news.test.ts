import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createAccountNews } from '../../../src/adapters/redis/account-news.ts';
import { openRedis, openSubscriber, type RedisClient } from '../../../src/adapters/redis/client.ts';
import { trackedNews } from '../../../src/adapters/redis/news-form.ts';
import { openAccountNews } from '../../../src/adapters/redis/open-account-news.ts';
import type { AccountNews } from '../../../src/ports/account-news.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';

/** A log that keeps what it is told, errors with their messages. */
function createLog() {
  const lines: string[] = [];
  const keep = (fields: { err?: unknown }, message: string) => {
    lines.push(`${message} ${fields.err === undefined ? '' : String(fields.err)}`);
  };
  return { info: keep, warn: keep, error: keep, lines };
}

describe('news of accounts from Redis', () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let dataProxy: TcpProxy;
  let dataTarget: { port: number };
  let plain: Redis;
  let redis: RedisClient;
  let news: AccountNews;
  let heard: (number | undefined)[];
  let wasHeardAtLoss: boolean | undefined;
  let log: ReturnType<typeof createLog>;

  /** The stores' connection goes through `dataProxy`, that of the news through `proxy`. */
  const open = (login = '') => {
    log = createLog();
    heard = [];
    const options = { keyPrefix: 'test:', connectTimeoutMs: 1000, commandTimeoutMs: 300 };
    redis = openRedis({ ...options, url: `redis://${login}127.0.0.1:${dataProxy.port}` }, createLog());
    const url = `redis://${login}127.0.0.1:${proxy.port}`;
    news = openAccountNews({ ...options, url }, redis, log);
    news.listen((id) => {
      heard.push(id);
      if (id === undefined) wasHeardAtLoss = news.isHeard();
    });
  };
  const close = async () => {
    await news[Symbol.asyncDispose]();
    redis.disconnect();
  };
  const logged = (words: string) => log.lines.filter((line) => line.includes(words));

  beforeEach(async () => {
    server = await startRedis();
    proxy = await startTcpProxy({ port: server.port });
    dataTarget = { port: server.port };
    dataProxy = await startTcpProxy(dataTarget);
    plain = new Redis(server.url);
    open();
    await until('news are heard', () => news.isHeard());
  });
  afterEach(async () => {
    await close();
    plain.disconnect();
    await proxy?.[Symbol.asyncDispose]();
    await dataProxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('tell of every way in which an account changes, and of nothing else', async () => {
    await plain.hset('test:account:7', 'key', 'x');
    await until('the writing is heard of', () => heard.length === 1);
    await plain.hset('other:account:8', 'key', 'x');
    await plain.set('test:entry:default:e1', '8');
    await plain.pexpire('test:account:7', 1);
    await until('the expiry is heard of', () => heard.length === 3);
    await plain.hset('test:account:9', 'key', 'x');
    await until('the next is heard of', () => heard.length === 4);
    await plain.del('test:account:9');
    await until('the deletion is heard of', () => heard.length === 5);
    expect(heard).toStrictEqual([7, 7, 7, 9, 9]);
    await plain.flushall();
    await until('the flush is heard of', () => heard.includes(undefined));
    expect(wasHeardAtLoss).toBe(true);
  });

  test('are not heard while the connection is away, which is told first, and are heard again', async () => {
    proxy.kill();
    await until('the loss is told', () => heard.length === 1);
    expect(heard).toStrictEqual([undefined]);
    expect(wasHeardAtLoss).toBe(false);
    await until('news are heard again', () => news.isHeard());
    await plain.hset('test:account:7', 'key', 'x');
    await until('the change is heard of', () => heard.includes(7));
    expect(logged('are not heard of')).toHaveLength(1);
    expect(logged('are heard of')).toHaveLength(2);
  });

  test('are not heard over a connection that only looks open, which is noticed', async () => {
    await proxy.set({ mode: 'blackhole' });
    await until('the loss is told', () => !news.isHeard());
    expect(heard).toStrictEqual([undefined]);
    await proxy.set({});
    await until('news are heard again', () => news.isHeard());
  });

  test('are not heard from a server on which changes are not written any more', async () => {
    await using promoted = await startRedis();
    dataTarget.port = promoted.port;
    dataProxy.kill();
    await until('the loss is told', () => heard.length > 0);
    await until('Redis is asked for a better connection', () => proxy.counts.connections > 1);
    expect(news.isHeard()).toBe(false);
  });

  test('are not heard while Redis hangs, and are heard again', async () => {
    await server.pause();
    await until('the loss is told', () => heard.length > 0);
    expect(news.isHeard()).toBe(false);
    await server.resume();
    await until('news are heard again', () => news.isHeard());
  });

  test('are heard all the same by a process that stood still', async () => {
    await close();
    const stall = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200);
    const options = { url: server.url, keyPrefix: 'test:', connectTimeoutMs: 1000, commandTimeoutMs: 300 };
    redis = openRedis(options, createLog());
    let trials = 0;
    const publish = (to: string, message: string) => {
      const sent = [redis.publish(to, message)];
      // The trial is written by then, and its coming back not read.
      if (++trials === 3) setImmediate(stall);
      return sent;
    };
    const subscriber = openSubscriber(options);
    news = createAccountNews({ subscriber, form: trackedNews('test:'), publish, log: createLog() }, 'test:');
    await until('news are heard', () => news.isHeard());
    const losses: unknown[] = [];
    news.listen((id) => losses.push(id));
    await until('it is tried out after the stall', () => trials > 4);
    expect(losses).toHaveLength(0);
  });

  test.each([
    ['track', '~test:* &* +@all -client'],
    ['subscribe', '~test:* resetchannels &test:* +@all'],
    ['publish', '~test:* &* +@all -publish'],
  ])('are not heard where Redis does not let us %s, which is said', async (_what, rules) => {
    await close();
    await plain.call('ACL', 'SETUSER', 'narrow', 'on', '>narrow-secret', ...rules.split(' '));
    open('narrow:narrow-secret@');
    await until('the refusal is logged', () => logged('does not let').length > 0);
    expect(news.isHeard()).toBe(false);
    expect(logged('NOPERM')).toHaveLength(1);
    expect(log.lines.join('\n')).not.toContain('narrow-secret');
  });

  test('say once that they are refused, however often they are', async () => {
    await close();
    const rules = '~test:* &* +@all -publish'.split(' ');
    await plain.call('ACL', 'SETUSER', 'narrow', 'on', '>narrow-secret', ...rules);
    open('narrow:narrow-secret@');
    await until('Redis has refused it three times', async () => {
      const [latest] = (await plain.call('ACL', 'LOG')) as unknown[][];
      return Number(latest?.[1]) >= 3;
    });
    expect(logged('NOPERM')).toHaveLength(1);
  });

  test('need no more rights than the operating guide lists', async () => {
    await close();
    const rules = 'resetchannels ~test:* &test:* &__redis__:invalidate +@all -@dangerous +info'.split(' ');
    await plain.call('ACL', 'SETUSER', 'narrow', 'on', '>narrow-secret', ...rules);
    open('narrow:narrow-secret@');
    await until('news are heard', () => news.isHeard());
  });
});
