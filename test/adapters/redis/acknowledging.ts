import { describe } from '@jest/globals';
import { createRedisAccountStore } from '../../../src/adapters/redis/account-store.ts';
import { openAcknowledgedWrites } from '../../../src/adapters/redis/acknowledged-writes.ts';
import type { AcknowledgeOptions, RedisOptions } from '../../../src/adapters/redis/redis-options.ts';
import { describeOnEachRedis } from '../../support/describe-on-each-redis.ts';
import { startRedisCluster } from '../../support/redis-cluster.ts';
import type { RedisNode } from '../../support/redis-node.ts';
import { type RedisProgram, wishedRedisProgram } from '../../support/redis-program.ts';
import { startRedisSentinel } from '../../support/redis-sentinel.ts';
import { until } from '../../support/until.ts';
import { keysOver } from './keys-over.ts';
import { openClient, placeOf } from './redis-forms.ts';

/** Several servers, of which some keep what others have. */
export type Replicated = AsyncDisposable & {
  readonly options: RedisOptions;
  masters(): Promise<readonly RedisNode[]>;
  replicas(): Promise<readonly RedisNode[]>;
  /** The master that keeps a key; without the prefix of the tests. */
  masterOf(key: string): Promise<RedisNode>;
  /** The replicas of that. */
  replicasOf(key: string): Promise<readonly RedisNode[]>;
  heal(): Promise<void>;
};

/** Starts one of a program; where none is named, of the one that `chosenRedis` gives. */
type StartReplicated = (program?: RedisProgram) => Promise<Replicated>;

/** Every form of Redis that has replicas, by its name in a sentence. */
export const REPLICATED: readonly (readonly [string, StartReplicated])[] = [
  [
    'behind Sentinels',
    async (program) => {
      const topology = await startRedisSentinel(program && { program });
      const { master, replicas } = topology;
      const options = placeOf.sentinel(topology);
      const masters = async () => [await master()];
      return { ...topology, options, masters, masterOf: master, replicasOf: replicas };
    },
  ],
  [
    'on a Cluster',
    async (program) => {
      const topology = await startRedisCluster(program && { program });
      const options = placeOf.cluster(topology);
      /** One that has not been heard of for a while is left out: half of the nodes are masters. */
      const masters = () =>
        until('every master is known', async () => {
          const known = await topology.masters();
          return known.length * 2 === topology.nodes.length && known;
        });
      const replicas = async () => {
        const known = await masters();
        return topology.nodes.filter((node) => !known.includes(node));
      };
      const masterOf = (key: string) => topology.masterOf(options.keyPrefix + key);
      const replicasOf = async (key: string) => topology.replicasOf(await masterOf(key));
      return { ...topology, options, masters, replicas, masterOf, replicasOf };
    },
  ],
];

/**
 * Describes a suite on every form of `REPLICATED`, and once more on every other server: versions differ in what a WAIT
 * covers that follows no write. There on a Cluster alone, where a write to one key does not stand in for another's.
 */
export function describeReplicated(suite: (start: () => Promise<Replicated>) => void): void {
  describeOnEachRedis((program) => {
    const isMain = program === (wishedRedisProgram() ?? 'redis');
    const forms = isMain ? REPLICATED : REPLICATED.slice(-1);
    describe.each(forms)('%s,', (_form, start) => suite(() => start(program)));
  });
}

/** How long a replica is waited for: so long that a test ends the wait, and so short that nobody waits for its end. */
export const LONG: AcknowledgeOptions = { replicas: 1, withinMs: 60_000 };
export const SHORT: AcknowledgeOptions = { replicas: 1, withinMs: 300 };

/** One process of the service, as far as accounts go. */
export async function openReplica(redis: Pick<Replicated, 'options'>, acknowledge: AcknowledgeOptions) {
  const options = { ...redis.options, acknowledge };
  const { client } = await openClient(options);
  const writes = openAcknowledgedWrites(options, client);
  const store = createRedisAccountStore(client, writes);
  return {
    ...{ client, store },
    ...keysOver(store),
    async [Symbol.asyncDispose]() {
      await writes?.[Symbol.asyncDispose]();
      client.disconnect();
    },
  };
}

/** Freeze every replica: masters believe them to be there. Gives them. */
export async function pauseReplicas(redis: Replicated): Promise<readonly RedisNode[]> {
  const replicas = await redis.replicas();
  await Promise.all(replicas.map((node) => node.pause()));
  return replicas;
}

/** Resolves once a WAIT blocks a connection to a master. */
export async function waiting(redis: Pick<Replicated, 'masters'>): Promise<void> {
  await until('a WAIT is out', async () => {
    const lists = await Promise.all((await redis.masters()).map((node) => node.ask('CLIENT', 'LIST')));
    // `cmd` is the last one that a connection has sent, whether it is over or not.
    return / flags=\w*b\w* .* cmd=wait /.test(lists.join('\n'));
  });
}
