import type { WatchLease } from '../../ports/watch-lease.ts';

interface Held {
  readonly holder: string;
  readonly until: number;
  readonly cursor: string | undefined;
}

/** Leases in this process. @param now milliseconds since 1970 */
export function createMemoryWatchLease(now: () => number): WatchLease {
  const all = new Map<string, Held>();
  return {
    async hold(directoryId, holder, forMs, cursor) {
      const held = all.get(directoryId);
      if (held && held.holder !== holder && held.until > now()) return undefined;
      const kept = cursor ?? held?.cursor;
      all.set(directoryId, { holder, until: now() + forMs, cursor: kept });
      return { cursor: kept };
    },
    async letGo(directoryId, holder) {
      const held = all.get(directoryId);
      if (held?.holder === holder) all.set(directoryId, { ...held, until: 0 });
    },
  };
}
