import type { RedisOptions } from './adapters/redis/redis-options.ts';
import type { Config } from './config/config.ts';

/** Where Redis is; `undefined`: nowhere, what is kept is kept in this process (`memory:`). */
export function redisOptions({ redis }: Config): RedisOptions | undefined {
  const { url, sentinels, sentinelMaster: master, clusterNodes, username, password, tls, caFile: ca } = redis;
  const { keyPrefix, connectTimeout: connectTimeoutMs, commandTimeout: commandTimeoutMs } = redis;
  const acknowledge = { replicas: redis.acknowledge.replicas, withinMs: redis.acknowledge.within };
  const common = { username, password, ca, keyPrefix, connectTimeoutMs, commandTimeoutMs, acknowledge };
  if (url === 'memory:') return undefined;
  if (url !== undefined) return { ...common, url };
  if (master === undefined) return { ...common, clusterNodes, tls };
  const { sentinelUsername, sentinelPassword } = redis;
  return { ...common, sentinels, master, sentinelUsername, sentinelPassword, tls };
}
