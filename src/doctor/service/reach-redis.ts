import { mastersOf, openRedis, type RedisClient } from '../../adapters/redis/client.ts';
import type { RedisOptions } from '../../adapters/redis/redis-options.ts';
import type { Log } from '../../ports/log.ts';
import { withinTime } from '../../within-time.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';

/** Connect to Redis: to every master of a Cluster. The connection that it gives is the caller's to close. */
export async function reachRedis(options: RedisOptions): Promise<Look<RedisClient>> {
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
    return { status: 'ok', seen: `${where} answers; ${await versionOf(client)}`, value: client };
  } catch (failure) {
    client.disconnect();
    const first = failures.find((one) => one instanceof Error) ?? failure;
    return {
      status: 'failed',
      seen: `${where}: ${reasonOf(first)}`,
      fix: connectFix(reasonOf(first), options),
    };
  }
}

/** Redis or Valkey, and its version. */
async function versionOf(client: RedisClient): Promise<string> {
  // It is not there for everybody.
  const told = await client.info('server').catch(() => '');
  const version = (of: string) => new RegExp(`^${of}_version:(\\S+)`, 'm').exec(told)?.[1];
  // Valkey names a Redis as well: the last that it speaks like.
  const valkey = version('valkey');
  return valkey ? `Valkey ${valkey}` : `Redis ${version('redis') ?? 'of unknown version'}`;
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

/** Resolves when every master can be asked; rejects where a connection fails first, or `ms` have passed. */
function becomesReady(client: RedisClient, ms: number): Promise<void> {
  const all = async () => {
    await ready(client);
    await Promise.all(mastersOf(client).map(ready));
  };
  return withinTime(all(), ms, () => new Error(`no answer within ${ms} ms`));
}

/** What is there of every form of a connection. */
interface Connection {
  readonly status: string;
  once(event: 'ready' | 'error', listener: (failure?: Error) => void): unknown;
}

function ready(connection: Connection): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (connection.status === 'ready') resolve();
  connection.once('ready', () => resolve());
  connection.once('error', reject);
  return promise;
}

function connectFix(reason: string, options: RedisOptions): string {
  const { credentials, tls, place } = settingsOf(options);
  if (/NOAUTH|WRONGPASS|invalid username-password|AUTH/.test(reason)) return credentials;
  if (/SSL|TLS|certificate|wrong version|ECONNRESET|closed/i.test(reason)) return tls;
  return place;
}

/** What to change where Redis is not reached, by how it is described. */
function settingsOf(options: RedisOptions) {
  if ('url' in options) {
    return {
      credentials: 'redis.url (REDIS_URL): user name and password in it, redis://user:password@host:6379',
      tls: 'redis.url (REDIS_URL): rediss:// where Redis listens with TLS, redis:// where it does not',
      place: 'redis.url (REDIS_URL): host and port where Redis listens, such as redis://localhost:6379',
    };
  }
  const [place, user] =
    'sentinels' in options
      ? [
          'redis.sentinels (REDIS_SENTINELS): host:port of each Sentinel, such as a:26379',
          ', and sentinelUsername, sentinelPassword',
        ]
      : ['redis.clusterNodes (REDIS_CLUSTER_NODES): host:port of several nodes, such as a:6379', ''];
  return {
    credentials: `redis.username, redis.password (REDIS_USERNAME, REDIS_PASSWORD)${user}: those that Redis knows`,
    tls: 'redis.tls (REDIS_TLS): true where Redis listens with TLS, false where it does not; redis.caFile (REDIS_CA_FILE)',
    place,
  };
}
