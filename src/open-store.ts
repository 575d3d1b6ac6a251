import { createMemoryAccountStore } from './adapters/memory/account-store.ts';
import { createMemoryAttemptCounter } from './adapters/memory/attempt-counter.ts';
import { createMemoryTicketStore } from './adapters/memory/ticket-store.ts';
import { createRedisAccountStore } from './adapters/redis/account-store.ts';
import { createRedisAttemptCounter } from './adapters/redis/attempt-counter.ts';
import { openRedis } from './adapters/redis/client.ts';
import { createRedisTicketStore } from './adapters/redis/ticket-store.ts';
import type { Config } from './config/config.ts';
import type { AccountStore } from './ports/account-store.ts';
import type { AttemptCounter } from './ports/attempt-counter.ts';
import type { Log } from './ports/log.ts';
import type { TicketStore } from './ports/ticket-store.ts';

/** Everything that outlives a request. */
export interface Store extends AsyncDisposable {
  readonly accounts: AccountStore;
  readonly attempts: AttemptCounter;
  readonly tickets: TicketStore;
}

/** Keep it in Redis, or in this process where the settings say `memory:`. */
export function openStore({ redis: settings }: Config, log: Log): Store {
  if (settings.url === 'memory:') {
    log.warn({}, 'keys are kept in this process only (REDIS_URL=memory:) and are gone when it ends');
    return {
      accounts: createMemoryAccountStore(Date.now),
      attempts: createMemoryAttemptCounter(Date.now),
      tickets: createMemoryTicketStore(Date.now),
      async [Symbol.asyncDispose]() {},
    };
  }
  const redis = openRedis(
    {
      url: settings.url,
      keyPrefix: settings.keyPrefix,
      connectTimeoutMs: settings.connectTimeout,
      commandTimeoutMs: settings.commandTimeout,
    },
    log,
  );
  return {
    accounts: createRedisAccountStore(redis),
    attempts: createRedisAttemptCounter(redis),
    tickets: createRedisTicketStore(redis),
    async [Symbol.asyncDispose]() {
      // QUIT waits for what is in flight; where Redis is away there is nothing to wait for.
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}
