import type { StorePresence } from '../../ports/store-presence.ts';
import type { RedisClient } from './client.ts';

/** Whether `redis` is connected: on a Cluster, to the master of every part. */
export function createRedisPresence(redis: RedisClient): StorePresence {
  return {
    isThere: () => redis.isWhole(),
    untilThere: (signal) =>
      new Promise((resolve) => {
        if (redis.isWhole() || signal.aborted) return resolve();
        const end = () => {
          redis.off('whole', end);
          signal.removeEventListener('abort', end);
          resolve();
        };
        redis.on('whole', end);
        signal.addEventListener('abort', end);
      }),
  };
}
