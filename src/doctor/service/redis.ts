import { randomBytes } from 'node:crypto';
import { openRedis, type RedisClient } from '../../adapters/redis/client.ts';
import type { RedisOptions } from '../../adapters/redis/redis-options.ts';
import type { Config } from '../../config/config.ts';
import type { Log } from '../../ports/log.ts';
import { redisOptions } from '../../redis-settings.ts';
import { withinTime } from '../../within-time.ts';
import { reasonOf } from '../reason.ts';
import type { Look, Walk } from '../step.ts';
import { lookAtPersistence } from './redis-persistence.ts';

/** A throw-away key is gone after so many seconds even where nobody deletes it. */
const KEY_SECONDS = 60;
const URL_SETTING = 'redis.url (REDIS_URL)';

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
      fix: `${URL_SETTING}: redis://host:6379 for anything but a trial`,
      value: true,
    }));
    return { isGood: true, client: undefined };
  }
  const client = await walk.step('redis', {}, () => connectTo(options));
  if (!client) {
    for (const name of ['redis keeps', 'redis writes']) walk.skip(name, {}, 'Redis does not answer');
    return { isGood: false, client: undefined };
  }
  const keeps = await walk.step('redis keeps', {}, () => lookAtPersistence(client));
  const writes = await walk.step('redis writes', {}, () => lookAtWriting(client));
  return { isGood: keeps === true && writes === true, client };
}

async function connectTo(options: RedisOptions): Promise<Look<RedisClient>> {
  const where = placeOf(options);
  const failures: unknown[] = [];
  const log: Log = {
    info() {},
    warn() {},
    error: (fields) => failures.push((fields as { err?: unknown }).err),
  };
  const client = openRedis(options, log);
  try {
    await becomesReady(client, options.connectTimeoutMs);
    await client.ping();
    const version = /^redis_version:(\S+)/m.exec(await client.info('server'))?.[1];
    return {
      status: 'ok',
      seen: `${where} answers; Redis ${version ?? 'of unknown version'}`,
      value: client,
    };
  } catch (failure) {
    client.disconnect();
    const first = failures.find((one) => one instanceof Error) ?? failure;
    return { status: 'failed', seen: `${where}: ${reasonOf(first)}`, fix: connectFix(reasonOf(first)) };
  }
}

/** Where Redis is, without user name and password. */
function placeOf(options: RedisOptions): string {
  if ('url' in options) {
    const { host, protocol } = new URL(options.url);
    return `${protocol}//${host}`;
  }
  const [kind, addresses] =
    'sentinels' in options
      ? [`${options.master} behind the Sentinels`, options.sentinels]
      : ['the Cluster of', options.clusterNodes];
  return `${kind} ${addresses.map(({ host, port }) => `${host}:${port}`).join(', ')}`;
}

/** Resolves when commands can be sent; rejects where the connection fails first, or `ms` have passed. */
function becomesReady(client: RedisClient, ms: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once('ready', resolve).once('error', reject);
  return withinTime(promise, ms, () => new Error(`no answer within ${ms} ms`));
}

function connectFix(reason: string): string {
  if (/NOAUTH|WRONGPASS|invalid username-password|AUTH/.test(reason)) {
    return `${URL_SETTING}: user name and password in it, redis://user:password@host:6379`;
  }
  if (/SSL|TLS|certificate|wrong version|ECONNRESET|closed/i.test(reason)) {
    return `${URL_SETTING}: rediss:// where Redis listens with TLS, redis:// where it does not`;
  }
  return `${URL_SETTING}: host and port where Redis listens, such as redis://localhost:6379`;
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
  if (/READONLY/.test(reason)) return `${URL_SETTING}: the primary; this is a replica, which takes no writes`;
  if (/NOPERM/.test(reason))
    return `the ACL of the user in ${URL_SETTING}: ~${prefix}* +@all -@dangerous +info`;
  if (/OOM/.test(reason)) return 'Redis: more maxmemory; it is full';
  if (/MISCONF/.test(reason)) return 'Redis: its disk; it cannot save, and takes no writes until it can';
  return `${URL_SETTING}: a Redis that takes writes`;
}
