import { afterAll, beforeAll, describe } from '@jest/globals';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import {
  type AcknowledgedWrites,
  openAcknowledgedWrites,
} from '../../../src/adapters/redis/acknowledged-writes.ts';
import { createRedisAttemptCounter } from '../../../src/adapters/redis/attempt-counter.ts';
import { mastersOf, type RedisClient } from '../../../src/adapters/redis/client.ts';
import { createRedisLeaverBrake } from '../../../src/adapters/redis/leaver-brake.ts';
import { createRedisSecretRegistry } from '../../../src/adapters/redis/secret-registry.ts';
import { createRedisTicketStore } from '../../../src/adapters/redis/ticket-store.ts';
import { createRedisWatchLease } from '../../../src/adapters/redis/watch-lease.ts';
import { describeAccountStore } from '../account-store-contract.ts';
import { describeAttemptCounter } from '../attempt-counter-contract.ts';
import { describeLeaverBrake } from '../leaver-brake-contract.ts';
import { describeSecretRegistry } from '../secret-registry-contract.ts';
import { describeTicketStore } from '../ticket-store-contract.ts';
import { describeWatchLease } from '../watch-lease-contract.ts';
import { openClient, type RedisForm } from './redis-forms.ts';

/** Says what all our stores do, on one Redis. `start` is called once. */
export function describeStores(name: string, start: () => Promise<RedisForm>): void {
  describe(`on ${name},`, () => {
    let form: RedisForm;
    let client: RedisClient;
    let writes: AcknowledgedWrites | undefined;
    beforeAll(async () => {
      form = await start();
      ({ client } = await openClient(form.options));
      writes = openAcknowledgedWrites(form.options, client);
    });
    afterAll(async () => {
      await writes?.[Symbol.asyncDispose]();
      client?.disconnect();
      await form?.[Symbol.asyncDispose]();
    });
    const common = {
      empty: async () => {
        await Promise.all(mastersOf(client).map((master) => master.flushall()));
      },
      end: async () => {},
    };
    describeAccountStore('in Redis', async () => ({
      store: createRedisAccountStore(client, writes),
      ...common,
    }));
    describeAttemptCounter('in Redis', async () => ({
      counter: createRedisAttemptCounter(client),
      ...common,
    }));
    describeLeaverBrake('in Redis', async () => ({
      create: (options) => createRedisLeaverBrake(client, options),
      ...common,
    }));
    describeSecretRegistry('in Redis', async () => ({
      registry: createRedisSecretRegistry(client),
      ...common,
    }));
    describeTicketStore('in Redis', async () => ({ tickets: createRedisTicketStore(client), ...common }));
    describeWatchLease('in Redis', async () => ({ lease: createRedisWatchLease(client), ...common }));
  });
}
