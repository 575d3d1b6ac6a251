import type { AttemptCounter, Budget } from '../../ports/attempt-counter.ts';
import type { BudgetNumbers } from './attempt-scripts.ts';
import { answered, type RedisClient } from './client.ts';

/** Attempts in Redis: one hash for each key, gone by itself when nothing in it counts any more. */
export function createRedisAttemptCounter(redis: RedisClient): AttemptCounter {
  return {
    async reserve(key, budget, address = '') {
      const reply = await answered(redis.reserveAttempt(attemptsKey(key), ...numbers(budget), address));
      const [granted, familiar, limit, remaining, retryAfterMs, resetMs] = reply;
      const kind = familiar === 1 ? 'familiar' : 'strangers';
      return { granted: granted === 1, kind, limit, remaining, retryAfterMs, resetMs };
    },
    async release(key, kind = 'strangers') {
      await answered(redis.releaseAttempt(attemptsKey(key), kind));
    },
    async clear(key, remember) {
      const { address, rememberMs } = remember ?? { address: '', rememberMs: 0 };
      await answered(redis.clearAttempts(attemptsKey(key), address, rememberMs));
    },
    async show(key, budget) {
      const reply = await answered(redis.showAttempts(attemptsKey(key), ...numbers(budget)));
      const [used, remaining, retryAfterMs, ...familiar] = reply;
      const strangers = { used, remaining, retryAfterMs };
      if (!budget.familiar) return { strangers };
      return {
        strangers,
        familiar: { used: familiar[0], remaining: familiar[1], retryAfterMs: familiar[2] },
      };
    },
  };
}

/** As the scripts take a budget: the familiar part is 0 where there is none. */
function numbers({ attempts, windowMs, familiar, untilQuiet }: Budget): BudgetNumbers {
  return [attempts, windowMs, untilQuiet ? 1 : 0, familiar?.attempts ?? 0, familiar?.rememberMs ?? 0];
}

function attemptsKey(key: string): string {
  return `attempts:${key}`;
}
