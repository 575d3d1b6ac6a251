import type { NearCacheOptions } from './adapters/redis/near-cache.ts';
import type { Config } from './config/config.ts';
import type { BrakeOptions } from './ports/leaver-brake.ts';

/** How long keys live and how far behind the directory they may be, in milliseconds. */
export function keyTimes({ keys }: Config) {
  return {
    maxAgeMs: keys.maxAge,
    revalidateAfterMs: keys.revalidateAfter,
    maxStalenessMs: keys.maxStaleness,
    revalidateWithinMs: keys.revalidateWithin,
    outageGraceMs: keys.outageGrace,
    restoreAfterMs: keys.restoreAfter,
    forgetAfterMs: keys.forgetAfter,
  };
}

/** How many may go at once. */
export function brakeOptions({ keys: { leaverBrake } }: Config): BrakeOptions {
  const { share, atLeast, window } = leaverBrake;
  return { share, atLeast, windowMs: window };
}

/** For how long accounts are kept near, and how many. */
export function nearCacheOptions({ keys: { nearCache } }: Config): NearCacheOptions {
  return { ttlMs: nearCache.ttl, maxBytes: nearCache.maxBytes };
}
