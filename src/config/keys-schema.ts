import { z } from 'zod';
import { bytes, count, duration, durationOrNone, optional, period, share } from './formats.ts';

/**
 * The settings of keys: how long they live, and how far behind the directory they may be. Durations come out in
 * milliseconds, memory in bytes.
 */
export const keysSchema = z
  .strictObject({
    revalidateAfter: period,
    maxStaleness: period,
    revalidateWithin: duration,
    outageGrace: period,
    restoreAfter: period,
    watchEvery: duration,
    maxAge: optional(period),
    forgetAfter: optional(period),
    nearCache: z.strictObject({ ttl: durationOrNone, maxBytes: bytes }),
    leaverBrake: z.strictObject({ share, atLeast: count, window: period }),
  })
  .superRefine(({ revalidateAfter, maxStaleness, outageGrace }, context) => {
    if (revalidateAfter > maxStaleness) {
      const message = 'longer than keys.maxStaleness, before which the directory is to be asked';
      context.addIssue({ code: 'custom', path: ['revalidateAfter'], message });
    }
    if (maxStaleness > outageGrace) {
      const message = 'longer than keys.outageGrace, after which no key is good without the directory';
      context.addIssue({ code: 'custom', path: ['maxStaleness'], message });
    }
  });
