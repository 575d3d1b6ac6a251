import type { AttemptCounter } from '../../ports/attempt-counter.ts';

/** Attempts in this process, gone with it. @param now milliseconds since 1970 */
export function createMemoryAttemptCounter(now: () => number): AttemptCounter {
  const counted = new Map<string, number[]>();
  return {
    async reserve(key, { attempts, windowMs }) {
      const live = (counted.get(key) ?? []).filter((at) => at > now() - windowMs);
      const oldest = live.at(-attempts);
      if (oldest !== undefined) {
        const wait = oldest + windowMs - now();
        return { granted: false, remaining: 0, retryAfterMs: wait, resetMs: wait };
      }
      live.push(now());
      counted.set(key, live);
      const remaining = attempts - live.length;
      const retryAfterMs = remaining > 0 ? 0 : (live[0] ?? now()) + windowMs - now();
      return { granted: true, remaining, retryAfterMs, resetMs: windowMs };
    },
    async release(key) {
      counted.get(key)?.pop();
    },
    async clear(key) {
      counted.delete(key);
    },
  };
}
