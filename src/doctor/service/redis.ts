import { randomBytes } from 'node:crypto';
import type { RedisClient } from '../../adapters/redis/client.ts';
import type { Config } from '../../config/config.ts';
import { redisOptions } from '../../redis-settings.ts';
import { reasonOf } from '../reason.ts';
import type { Look, Walk } from '../step.ts';
import { reachRedis } from './reach-redis.ts';
import { checkCondition } from './redis-condition.ts';

/** A throw-away key is gone after so many seconds even where nobody deletes it. */
const KEY_SECONDS = 60;

/** What was found of Redis. */
export interface CheckedRedis {
  /** Whether sign-ins would work with it. */
  readonly isGood: boolean;
  /** An open connection, which the caller closes; `undefined`: there is none. */
  readonly client: RedisClient | undefined;
}

/** Walk through Redis: reach it, see whether it keeps what it is told, write and read. */
export async function checkRedis(walk: Walk, config: Config): Promise<CheckedRedis> {
  const options = redisOptions(config);
  if (!options) {
    await walk.step('redis', {}, async () => ({
      status: 'warning',
      seen: 'memory: keys are kept in the running service only, and are gone when it ends',
      fix: 'redis.url (REDIS_URL): redis://host:6379 for anything but a trial',
      value: true,
    }));
    return { isGood: true, client: undefined };
  }
  const client = await walk.step('redis', {}, () => reachRedis(options));
  if (!client) {
    for (const name of ['redis keeps', 'redis memory', 'redis replicas', 'redis writes'])
      walk.skip(name, {}, 'Redis does not answer');
    return { isGood: false, client: undefined };
  }
  const isGood = await walk.noneFails(async () => {
    await checkCondition(walk, client, config.redis.acknowledge.replicas);
    await walk.step('redis writes', {}, () => lookAtWriting(client));
  });
  return { isGood, client };
}

/** Write, read and delete a key that nobody else has. */
async function lookAtWriting(client: RedisClient): Promise<Look<true>> {
  const key = `doctor:${randomBytes(8).toString('hex')}`;
  const prefix = client.options.keyPrefix ?? '';
  try {
    await client.set(key, 'doctor', 'EX', KEY_SECONDS);
    const read = await client.get(key);
    await client.del(key);
    if (read !== 'doctor') throw new Error('what was written could not be read again');
    return { status: 'ok', seen: `a key under ${prefix} was written, read and deleted`, value: true };
  } catch (failure) {
    return { status: 'failed', seen: reasonOf(failure), fix: writingFix(reasonOf(failure), prefix) };
  }
}

function writingFix(reason: string, prefix: string): string {
  if (/READONLY/.test(reason))
    return 'redis.url (REDIS_URL): the primary; this is a replica, which takes no writes';
  if (/NOPERM/.test(reason)) return `the ACL of the user of Redis: ${rightsFor(prefix)}`;
  if (/OOM/.test(reason)) return 'Redis: more maxmemory; it is full';
  if (/MISCONF/.test(reason)) return 'Redis: its disk; it cannot save, and takes no writes until it can';
  if (/NOREPLICAS/.test(reason))
    return 'Redis: more replicas that follow, or fewer in its min-replicas-to-write';
  return 'the settings of redis: a Redis that takes writes';
}

/** What a user of Redis must be allowed, as ACL SETUSER takes it. */
function rightsFor(prefix: string): string {
  return `resetchannels ~${prefix}* &${prefix}* &__redis__:invalidate +@all -@dangerous +info`;
}
