import type { RedisClient } from '../../adapters/redis/client.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';

/** Whether what was acknowledged is still there after a crash, or when memory runs out. */
export async function lookAtPersistence(client: RedisClient): Promise<Look<true>> {
  let told: string;
  try {
    told = await client.info('memory', 'persistence');
  } catch (failure) {
    return {
      status: 'warning',
      seen: `not told: ${reasonOf(failure)}`,
      fix: 'let the user of redis.url (REDIS_URL) ask INFO; or look yourself: maxmemory-policy noeviction, appendonly yes',
      value: true,
    };
  }
  const field = (name: string) => new RegExp(`^${name}:(\\S*)`, 'm').exec(told)?.[1] ?? '';
  const policy = field('maxmemory_policy');
  const isBounded = Number(field('maxmemory') || 0) > 0;
  const appends = field('aof_enabled') === '1';
  const saves = await setting(client, 'save');
  const snapshots = saves === undefined ? 'not told' : saves === '' ? 'none' : saves;
  const seen = `maxmemory-policy ${policy}${isBounded ? '' : ' (maxmemory is not set)'}, appendonly ${appends ? 'yes' : 'no'}, snapshots ${snapshots}`;
  if (policy.startsWith('allkeys') && isBounded) {
    return {
      status: 'failed',
      seen,
      fix: 'Redis: maxmemory-policy noeviction, or accounts and their keys go when memory runs out',
    };
  }
  if (policy !== 'noeviction') {
    return {
      status: 'warning',
      seen,
      value: true,
      fix: 'Redis: maxmemory-policy noeviction, or what is counted and kept may go when memory runs out',
    };
  }
  if (appends) return { status: 'ok', seen, value: true };
  const fix =
    saves === ''
      ? 'a restart of Redis loses every key'
      : 'a crash of Redis loses the keys issued since the last snapshot';
  return { status: 'warning', seen, value: true, fix: `Redis: appendonly yes; as it is ${fix}` };
}

/** A setting of the server; `undefined` where it does not tell, as services often do not. */
async function setting(client: RedisClient, name: string): Promise<string | undefined> {
  try {
    const reply = (await client.config('GET', name)) as readonly string[];
    return reply[1];
  } catch {
    return undefined;
  }
}
