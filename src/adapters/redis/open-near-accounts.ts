import type { AccountStore, NearAccountStore } from '../../ports/account-store.ts';
import type { Log } from '../../ports/log.ts';
import type { RedisClient } from './client.ts';
import { createNearCache, type NearCacheOptions } from './near-cache.ts';
import { openAccountNews } from './open-account-news.ts';
import type { RedisOptions } from './redis-options.ts';

/** What the near cache stands before: `accounts`, which are kept in `redis`. */
export interface NearAccountsParts {
  readonly redis: RedisClient;
  readonly accounts: AccountStore;
  readonly log: Log;
}

/** Put a near cache before accounts, with a connection of its own that disposing closes. Where `ttlMs` is 0, neither. */
export function openNearAccounts(
  { redis, accounts, log }: NearAccountsParts,
  redisOptions: RedisOptions,
  options: NearCacheOptions,
): NearAccountStore & AsyncDisposable {
  if (options.ttlMs === 0) return { ...accounts, kept: () => undefined, async [Symbol.asyncDispose]() {} };
  const news = openAccountNews(redisOptions, redis, log);
  return {
    ...createNearCache(accounts, news, options),
    [Symbol.asyncDispose]: () => news[Symbol.asyncDispose](),
  };
}
