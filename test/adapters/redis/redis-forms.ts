import { openRedis } from '../../../src/adapters/redis/client.ts';
import type { RedisOptions } from '../../../src/adapters/redis/redis-options.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { startRedisCluster } from '../../support/redis-cluster.ts';
import { startRedisSentinel } from '../../support/redis-sentinel.ts';
import { startRedis } from '../../support/redis-server.ts';
import { until } from '../../support/until.ts';

/** A Redis of some form, and how our clients reach it. */
export type RedisForm = AsyncDisposable & { readonly options: RedisOptions };

/** What every client of these tests has. */
export const COMMON = { keyPrefix: 'test:', connectTimeoutMs: 5000, commandTimeoutMs: 5000 } as const;

/** One replica has to have a change, and may take long where nothing is wrong: this machine may be busy. */
const ACKNOWLEDGED = { acknowledge: { replicas: 1, withinMs: 10_000 } } as const;

/** How clients reach a Sentinel topology or a Cluster of the tests. */
export const placeOf = {
  sentinel: ({ sentinels, masterName }: Awaited<ReturnType<typeof startRedisSentinel>>) => ({
    ...COMMON,
    sentinels,
    master: masterName,
    sentinelUsername: undefined,
    sentinelPassword: undefined,
    tls: false,
  }),
  cluster: ({ addresses }: Awaited<ReturnType<typeof startRedisCluster>>) => ({
    ...COMMON,
    clusterNodes: addresses,
    tls: false,
  }),
} as const;

/** Every form of Redis, by its name in a sentence. */
export const REDIS_FORMS: Readonly<Record<'single' | 'sentinel' | 'cluster', () => Promise<RedisForm>>> = {
  async single() {
    const server = await startRedis();
    return { ...server, options: { ...COMMON, url: server.url } };
  },
  async sentinel() {
    const topology = await startRedisSentinel();
    return { ...topology, options: { ...placeOf.sentinel(topology), ...ACKNOWLEDGED } };
  },
  async cluster() {
    const topology = await startRedisCluster();
    return { ...topology, options: { ...placeOf.cluster(topology), ...ACKNOWLEDGED } };
  },
};

/** A client of ours, once every master can be asked, and what it has logged. */
export async function openClient(options: RedisOptions) {
  const log = recordingLog();
  const client = openRedis(options, log);
  await until('Redis is connected', () => log.lines.some((line) => /is (connected|back)/.test(line)));
  return { client, log };
}
