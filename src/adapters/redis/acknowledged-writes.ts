import calculateSlot from 'cluster-key-slot';
import type { Redis } from 'ioredis';
import { connectOnce, type RedisClient, unanswered } from './client.ts';
import { ClusterConnection } from './cluster-connection.ts';
import { type Committed, createGroupCommit, type GroupCommit } from './group-commit.ts';
import { addressIn, redirectionOf } from './redirection.ts';
import type { AcknowledgeOptions, RedisOptions } from './redis-options.ts';
import { type Scripts, scriptsOf } from './scripts.ts';

/** What a script answered, and whether as many replicas as the settings demand have what it wrote. */
export interface Written<T> {
  readonly reply: T;
  readonly isAcknowledged: boolean;
  /** Why nobody knows; `undefined` where too few have said so in time. */
  readonly cause: Error | undefined;
}

/** Scripts whose writes replicas acknowledge, on connections that nothing else uses. */
export interface AcknowledgedWrites extends AsyncDisposable {
  /** Runs one of our scripts on its key. @throws {Unavailable} where Redis did not answer it */
  write<Name extends keyof Scripts>(
    name: Name,
    key: string,
    ...args: (string | number)[]
  ): Promise<Written<Awaited<ReturnType<Scripts[Name]>>>>;
}

/** A script with its key, as it is written on any connection. */
interface Call {
  readonly lua: string;
  /** Without the prefix of the service. */
  readonly key: string;
  readonly args: readonly (string | number)[];
}

/** Commits a call on the master that keeps its key. */
interface Committing extends AsyncDisposable {
  commit(call: Call): Promise<Committed<unknown>>;
}

/**
 * Writes that replicas acknowledge, beside `redis`; disposing closes the connections. `undefined`: the settings demand no
 * replicas.
 */
export function openAcknowledgedWrites(
  options: RedisOptions,
  redis: RedisClient,
): AcknowledgedWrites | undefined {
  const { acknowledge } = options;
  if (!acknowledge || acknowledge.replicas === 0) return undefined;
  const isCluster = redis instanceof ClusterConnection;
  const committing = isCluster
    ? onCluster(options, redis, acknowledge)
    : onMaster(options, redis, acknowledge);
  const lua = scriptsOf({ isCluster });
  return {
    async write(name, key, ...args) {
      const call = { lua: lua[name].lua, key, args };
      const { reply, replicas } = await committing.commit(call).catch((cause: unknown) => {
        throw unanswered(cause);
      });
      const isAcknowledged = typeof replicas === 'number' && replicas >= acknowledge.replicas;
      return {
        reply: reply as never,
        isAcknowledged,
        cause: typeof replicas === 'number' ? undefined : replicas,
      };
    },
    [Symbol.asyncDispose]: () => committing[Symbol.asyncDispose](),
  };
}

/** One server, or the master that Sentinels know. */
function onMaster(options: RedisOptions, redis: RedisClient, acknowledge: AcknowledgeOptions): Committing {
  const master = createGroupCommit(() => connectOnce(options), acknowledge);
  redis.on('close', master.renew);
  return {
    commit: (call) => master.commit((connection) => run(connection, call)),
    [Symbol.asyncDispose]: () => master.end(),
  };
}

/** How often a write is sent on, where it has come to a node that does not keep its key. */
const MAX_REDIRECTIONS = 5;

/** Whichever master keeps the key. */
function onCluster(
  options: RedisOptions,
  cluster: ClusterConnection,
  acknowledge: AcknowledgeOptions,
): Committing {
  const masters = new Map<string, GroupCommit>();
  const masterAt = (node: string): GroupCommit => {
    const known = masters.get(node);
    if (known) return known;
    const master = createGroupCommit(() => connectOnce(options, addressIn(node)), acknowledge);
    masters.set(node, master);
    return master;
  };
  cluster.on('-node', ({ options: { host, port } }: Redis) => masters.get(`${host}:${port}`)?.renew());
  return {
    async commit(call) {
      const slot = calculateSlot(options.keyPrefix + call.key);
      let node = cluster.slots[slot]?.[0];
      let isAsking = false;
      for (let redirections = 0; node !== undefined; redirections++) {
        try {
          return await masterAt(node).commit((connection) => run(connection, call, isAsking));
        } catch (failure) {
          const other = redirectionOf(failure, node);
          // Who keeps what has changed, or a master is away: others may know already.
          if (!other?.isAsking) cluster.refreshSlotsCache();
          if (!other || redirections === MAX_REDIRECTIONS) throw failure;
          ({ node, isAsking } = other);
        }
      }
      throw new Error(`nobody is known to keep slot ${slot}`);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...masters.values()].map((master) => master.end()));
    },
  };
}

/** With the script's text: where Redis had to be told it first, the write would come behind the WAIT. */
function run(connection: Redis, { lua, key, args }: Call, isAsking = false): Promise<unknown> {
  if (isAsking) connection.asking().catch(() => {});
  return connection.eval(lua, 1, key, ...args);
}
