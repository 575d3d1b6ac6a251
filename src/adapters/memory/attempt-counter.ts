import type { AttemptCounter, AttemptKind, Budget, Standing } from '../../ports/attempt-counter.ts';

interface Counted {
  /** When attempts were counted, the oldest first. */
  readonly times: Record<AttemptKind, number[]>;
  /** When an address was remembered, the oldest first. */
  readonly addresses: Map<string, number>;
}

const MAX_ADDRESSES = 20;
/** Being familiar is not more precise than this. */
const DAY_MS = 86_400_000;

/** Attempts in this process, gone with it. @param now milliseconds since 1970 */
export function createMemoryAttemptCounter(now: () => number): AttemptCounter {
  const all = new Map<string, Counted>();
  const under = (key: string): Counted => {
    const counted = all.get(key) ?? { times: { strangers: [], familiar: [] }, addresses: new Map() };
    all.set(key, counted);
    return counted;
  };
  const isFresh = (rememberedAt: number | undefined, rememberMs: number): boolean =>
    rememberedAt !== undefined && rememberedAt > now() - Math.min(DAY_MS, rememberMs / 2);
  return {
    async reserve(key, budget, address = '') {
      const { times, addresses } = under(key);
      const { familiar, windowMs } = budget;
      const seen = addresses.get(address) ?? Number.NEGATIVE_INFINITY;
      const isFamiliar = familiar !== undefined && seen > now() - familiar.rememberMs;
      const kind = isFamiliar ? 'familiar' : 'strangers';
      const limit = isFamiliar ? familiar.attempts : budget.attempts;
      forgetOld(times, budget, now());
      const { retryAfterMs: wait } = standing(times, kind, limit, budget, now());
      if (wait > 0) {
        return { granted: false, kind, limit, remaining: 0, retryAfterMs: wait, resetMs: wait };
      }
      times[kind].push(now());
      const { remaining, retryAfterMs } = standing(times, kind, limit, budget, now());
      return { granted: true, kind, limit, remaining, retryAfterMs, resetMs: windowMs };
    },
    async release(key, kind = 'strangers') {
      all.get(key)?.times[kind].pop();
    },
    async clear(key, remember) {
      const { addresses } = under(key);
      if (remember && !isFresh(addresses.get(remember.address), remember.rememberMs)) {
        addresses.delete(remember.address);
        addresses.set(remember.address, now());
      }
      const known = [...addresses].slice(-MAX_ADDRESSES);
      if (known.length === 0) all.delete(key);
      else all.set(key, { times: { strangers: [], familiar: [] }, addresses: new Map(known) });
    },
    async show(key, budget) {
      const { times } = under(key);
      forgetOld(times, budget, now());
      const strangers = standing(times, 'strangers', budget.attempts, budget, now());
      if (!budget.familiar) return { strangers };
      return { strangers, familiar: standing(times, 'familiar', budget.familiar.attempts, budget, now()) };
    },
  };
}

function latest({ strangers, familiar }: Counted['times']): number {
  return Math.max(strangers.at(-1) ?? 0, familiar.at(-1) ?? 0);
}

function forgetOld(times: Counted['times'], { windowMs, untilQuiet }: Budget, now: number): void {
  const last = latest(times);
  for (const kind of ['strangers', 'familiar'] as const) {
    times[kind] = times[kind].filter((at) => (untilQuiet ? last : at) > now - windowMs);
  }
}

function standing(
  times: Counted['times'],
  kind: AttemptKind,
  limit: number,
  { windowMs, untilQuiet }: Budget,
  now: number,
): Standing {
  const used = times[kind].length;
  const oldest = times[kind].at(-limit);
  const isSpent = used >= limit && oldest !== undefined;
  const retryAfterMs = isSpent ? (untilQuiet ? latest(times) : oldest) + windowMs - now : 0;
  return { used, remaining: Math.max(0, limit - used), retryAfterMs };
}
