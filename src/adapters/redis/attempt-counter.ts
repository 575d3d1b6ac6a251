import type { AttemptCounter } from '../../ports/attempt-counter.ts';
import { answered, type RedisClient } from './client.ts';

/** Attempts in Redis: a list of times for each key, gone by itself when the window has passed. */
export function createRedisAttemptCounter(redis: RedisClient): AttemptCounter {
  return {
    async reserve(key, budget) {
      const reply = await answered(redis.reserveAttempt(attemptsKey(key), budget.attempts, budget.windowMs));
      const [granted, remaining, retryAfterMs, resetMs] = reply;
      return { granted: granted === 1, remaining, retryAfterMs, resetMs };
    },
    async release(key) {
      await answered(redis.rpop(attemptsKey(key)));
    },
    async clear(key) {
      await answered(redis.del(attemptsKey(key)));
    },
  };
}

function attemptsKey(key: string): string {
  return `attempts:${key}`;
}
