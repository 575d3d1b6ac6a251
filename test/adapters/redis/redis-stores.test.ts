import { Redis } from 'ioredis';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { createRedisAttemptCounter } from '../../../src/adapters/redis/attempt-counter.ts';
import { openRedis, type RedisClient } from '../../../src/adapters/redis/client.ts';
import { createRedisTicketStore } from '../../../src/adapters/redis/ticket-store.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { startRedis } from '../../support/redis-server.ts';
import { until } from '../../support/until.ts';
import { describeAccountStore } from '../account-store-contract.ts';
import { describeAttemptCounter } from '../attempt-counter-contract.ts';
import { describeTicketStore } from '../ticket-store-contract.ts';

/** A real Redis, our client on it, and a plain one that empties it. */
async function startWith<T>(make: (client: RedisClient) => T) {
  const server = await startRedis();
  const options = { url: server.url, keyPrefix: 'test:', connectTimeoutMs: 1000, commandTimeoutMs: 1000 };
  const client = openRedis(options, recordingLog());
  await until('Redis is connected', () => client.status === 'ready');
  const plain = new Redis(server.url);
  return {
    made: make(client),
    empty: async () => {
      await plain.flushall();
    },
    end: async () => {
      client.disconnect();
      plain.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
}

describeAccountStore('in Redis', async () => {
  const { made: store, ...rest } = await startWith(createRedisAccountStore);
  return { store, ...rest };
});

describeAttemptCounter('in Redis', async () => {
  const { made: counter, ...rest } = await startWith(createRedisAttemptCounter);
  return { counter, ...rest };
});

describeTicketStore('in Redis', async () => {
  const { made: tickets, ...rest } = await startWith(createRedisTicketStore);
  return { tickets, ...rest };
});
