import { createMemoryAccountStore } from './adapters/memory/account-store.ts';
import { createMemoryAttemptCounter } from './adapters/memory/attempt-counter.ts';
import { createMemoryLeaverBrake } from './adapters/memory/leaver-brake.ts';
import { createMemorySecretRegistry } from './adapters/memory/secret-registry.ts';
import { createMemoryTicketStore } from './adapters/memory/ticket-store.ts';
import { createMemoryWatchLease } from './adapters/memory/watch-lease.ts';
import { createRedisAccountStore } from './adapters/redis/account-store.ts';
import { openAcknowledgedWrites } from './adapters/redis/acknowledged-writes.ts';
import { createRedisAttemptCounter } from './adapters/redis/attempt-counter.ts';
import { openRedis } from './adapters/redis/client.ts';
import { createRedisLeaverBrake } from './adapters/redis/leaver-brake.ts';
import { openNearAccounts } from './adapters/redis/open-near-accounts.ts';
import { createRedisPresence } from './adapters/redis/presence.ts';
import { createRedisSecretRegistry } from './adapters/redis/secret-registry.ts';
import { createRedisTicketStore } from './adapters/redis/ticket-store.ts';
import { watchCondition } from './adapters/redis/watch-condition.ts';
import { createRedisWatchLease } from './adapters/redis/watch-lease.ts';
import type { Config } from './config/config.ts';
import { brakeOptions, nearCacheOptions } from './key-settings.ts';
import type { NearAccountStore } from './ports/account-store.ts';
import type { AttemptCounter } from './ports/attempt-counter.ts';
import type { LeaverBrake } from './ports/leaver-brake.ts';
import type { Log } from './ports/log.ts';
import type { SecretRegistry } from './ports/secret-registry.ts';
import { alwaysThere, type StorePresence } from './ports/store-presence.ts';
import type { TicketStore } from './ports/ticket-store.ts';
import type { WatchLease } from './ports/watch-lease.ts';
import { redisOptions } from './redis-settings.ts';

/** Everything that outlives a request. */
export interface Store extends AsyncDisposable {
  readonly accounts: NearAccountStore;
  readonly brake: LeaverBrake;
  /** Which replica watches a directory for all. */
  readonly lease: WatchLease;
  readonly attempts: AttemptCounter;
  readonly tickets: TicketStore;
  readonly secrets: SecretRegistry;
  readonly presence: StorePresence;
  /** What is dangerous about it as it is set, in one line each; `undefined`: it has not said yet. Never rejects. */
  readonly warnings: () => Promise<readonly string[] | undefined>;
}

const IN_THIS_PROCESS = 'keys are kept in this process only (REDIS_URL=memory:) and are gone when it ends';

/** Keep it in Redis, or in this process where the settings say `memory:`. */
export function openStore(config: Config, log: Log): Store {
  const options = redisOptions(config);
  if (!options) {
    log.warn({}, IN_THIS_PROCESS);
    return {
      accounts: createMemoryAccountStore(Date.now),
      brake: createMemoryLeaverBrake(brakeOptions(config), Date.now),
      lease: createMemoryWatchLease(Date.now),
      attempts: createMemoryAttemptCounter(Date.now),
      tickets: createMemoryTicketStore(Date.now),
      secrets: createMemorySecretRegistry(),
      presence: alwaysThere,
      warnings: async () => [IN_THIS_PROCESS],
      async [Symbol.asyncDispose]() {},
    };
  }
  const redis = openRedis(options, log);
  const writes = openAcknowledgedWrites(options, redis);
  const parts = { redis, accounts: createRedisAccountStore(redis, writes), log };
  const accounts = openNearAccounts(parts, options, nearCacheOptions(config));
  return {
    accounts,
    brake: createRedisLeaverBrake(redis, brakeOptions(config)),
    lease: createRedisWatchLease(redis),
    attempts: createRedisAttemptCounter(redis),
    tickets: createRedisTicketStore(redis),
    secrets: createRedisSecretRegistry(redis),
    presence: createRedisPresence(redis),
    warnings: watchCondition({ redis, log, elapsed: () => performance.now() }, config.redis.acknowledge)
      .warnings,
    async [Symbol.asyncDispose]() {
      await accounts[Symbol.asyncDispose]();
      await writes?.[Symbol.asyncDispose]();
      // QUIT waits for what is in flight; where Redis is away there is nothing to wait for.
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}
