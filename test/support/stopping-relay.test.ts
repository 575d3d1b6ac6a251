import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createCommandReader } from './redis-commands.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { startStoppingRelay } from './stopping-relay.ts';

const isWrite = ([command = '']: readonly string[]): boolean => command.toLowerCase() === 'incr';

describe('a relay that stops', () => {
  let server: RedisServer;
  let direct: Redis;
  beforeAll(async () => {
    server = await startRedis();
    direct = new Redis(server.url);
  });
  afterAll(async () => {
    direct.disconnect();
    await server?.[Symbol.asyncDispose]();
  });

  test.each([
    { stop: 'before', run: 2 },
    { stop: 'after', run: 3 },
  ] as const)(
    'lets two commands through, and has run $run when it stops $stop the third',
    async ({ stop, run }) => {
      await direct.del('count');
      await using relay = await startStoppingRelay(server);
      using clients = new DisposableStack();
      const connect = () => {
        const client = clients.adopt(new Redis(relay.port), (each) => each.disconnect());
        return client.on('error', () => {});
      };
      const [one, other] = [connect(), connect()];
      await one.set('uncounted', '1');
      const stopped = relay.stopAt(2, stop, isWrite);
      expect([await one.incr('count'), await other.incr('count')]).toEqual([1, 2]);
      expect(relay.hasStopped()).toBe(false);
      const answers: unknown[] = [];
      for (const client of [one, other])
        void client.incr('count').then(
          (answer) => answers.push(answer),
          () => {},
        );
      await stopped;
      expect(relay.hasStopped()).toBe(true);
      expect(await direct.get('count')).toBe(String(run));
      expect(answers).toEqual([]);
    },
  );
});

describe('reading commands', () => {
  test('gives each once it is all there, wherever the stream is cut', () => {
    const stream = Buffer.from('*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$4\r\né\r\n\r\n');
    for (let cut = 0; cut <= stream.length; cut++) {
      const read = createCommandReader();
      const commands = [stream.subarray(0, cut), stream.subarray(cut)].flatMap(read);
      expect(commands.map(({ words }) => words)).toEqual([['PING'], ['GET', 'é\r\n']]);
      expect(Buffer.concat(commands.map(({ bytes }) => bytes))).toEqual(stream);
    }
  });

  test('stops at what is no command', () => {
    expect(() => createCommandReader()(Buffer.from('PING\r\n'))).toThrow('no command of Redis: PING');
  });
});
