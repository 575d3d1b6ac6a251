import type { WatchLease } from '../../ports/watch-lease.ts';
import { answered, type RedisClient } from './client.ts';

/** Leases in Redis: one hash for each directory. */
export function createRedisWatchLease(redis: RedisClient): WatchLease {
  return {
    async hold(directoryId, holder, forMs, cursor) {
      const reply = await answered(redis.holdWatch(leaseKey(directoryId), holder, forMs, cursor ?? ''));
      return reply === null ? undefined : { cursor: reply || undefined };
    },
    async letGo(directoryId, holder) {
      await answered(redis.letGoOfWatch(leaseKey(directoryId), holder));
    },
  };
}

function leaseKey(directoryId: string): string {
  return `watch:${directoryId}`;
}
