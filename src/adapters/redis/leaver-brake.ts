import type { BrakeOptions, BrakeStanding, LeaverBrake } from '../../ports/leaver-brake.ts';
import type { BrakeReply } from './brake-scripts.ts';
import { answered, type RedisClient } from './client.ts';

/** The brake in Redis: for each directory the accounts that were counted lately, and whether it holds. */
export function createRedisLeaverBrake(
  redis: RedisClient,
  { share, atLeast, windowMs }: BrakeOptions,
): LeaverBrake {
  const count = (directoryId: string, account: number | '') =>
    answered(redis.countAbsent(...keysOf(directoryId), account, windowMs, share, atLeast));
  return {
    async checked(directoryId, accountId) {
      await answered(redis.countChecked(...keysOf(directoryId), accountId, windowMs));
    },
    async mayLeave(directoryId, accountId) {
      const reply = await count(directoryId, accountId);
      return { isAllowed: reply[0] === 1, hasJustTaken: reply[1] === 1, standing: standingOf(reply) };
    },
    standing: async (directoryId) => standingOf(await count(directoryId, '')),
    async release(directoryId, forMs) {
      await answered(redis.releaseBrake(...keysOf(directoryId), forMs));
    },
  };
}

function standingOf([, , checked, absent, held, released]: BrakeReply): BrakeStanding {
  return { checked, absent, heldSince: held || undefined, releasedUntil: released || undefined };
}

/** The braces put the three into one slot of a Cluster. */
function keysOf(directoryId: string): [checked: string, absent: string, state: string] {
  const tag = `brake:{${directoryId}}`;
  return [`${tag}:checked`, `${tag}:absent`, `${tag}:state`];
}
