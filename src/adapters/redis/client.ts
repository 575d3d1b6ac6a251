import type { Redis } from 'ioredis';
import { Unavailable } from '../../errors.ts';
import type { Log } from '../../ports/log.ts';
import { ClusterConnection } from './cluster-connection.ts';
import { behaviour, pauseBefore, placeOf, tlsOf, urlOf } from './connection-options.ts';
import { RedisConnection } from './redis-connection.ts';
import type { ClusterPlace, RedisAddress, RedisOptions } from './redis-options.ts';
import { refusedWrite } from './report-refused-writes.ts';
import { reportClusterState, reportState } from './report-state.ts';
import { type Scripts, scriptsOf } from './scripts.ts';

export type { RedisOptions } from './redis-options.ts';

/** A connection to Redis, whichever form it has, that carries our scripts. */
export type RedisClient = Pick<RedisConnection, keyof RedisConnection & keyof ClusterConnection> & Scripts;

/**
 * Open one connection (to a Cluster: one to each node) and keep it open: it comes back by itself, behind Sentinels to
 * whichever server is the master by then. While it is away commands fail at once instead of queueing, and a command
 * that was cut off is not sent again, since nobody knows whether it ran.
 */
export function openRedis(options: RedisOptions, log: Log): RedisClient {
  if ('clusterNodes' in options) {
    const cluster = openCluster(options);
    reportClusterState(cluster, log);
    return cluster as unknown as RedisClient;
  }
  const client = new RedisConnection(
    urlOf(options),
    { ...behaviour(options), ...placeOf(options), scripts: scriptsOf({ isCluster: false }) },
    options.commandTimeoutMs,
  );
  reportState(client, log);
  return client as unknown as RedisClient;
}

/**
 * The same for a connection that subscribes: it speaks RESP2, subscribes to nothing by itself, and logs nothing. On a
 * Cluster it leads to one of the nodes that are named, after a loss to the next: what is published on any node comes
 * by all of them.
 */
export function openSubscriber(options: RedisOptions): RedisConnection {
  const subscribing = { ...behaviour(options), protocol: 2, autoResubscribe: false } as const;
  const { commandTimeoutMs } = options;
  if (!('clusterNodes' in options)) {
    const where = { ...subscribing, ...placeOf(options) };
    return new RedisConnection(urlOf(options), where, commandTimeoutMs);
  }
  const next = inTurn(options.clusterNodes);
  const first = { ...subscribing, ...tlsOf(options), ...next() };
  const subscriber = new RedisConnection(undefined, first, commandTimeoutMs);
  subscriber.options.retryStrategy = (attempt) => {
    Object.assign(subscriber.options, next());
    return pauseBefore(attempt);
  };
  return subscriber;
}

/**
 * A connection to one server that takes writes, not yet opened: to the master at `address` of a Cluster, else to where
 * `options` says. Once it breaks it stays broken: a new one leads to whichever server is the master by then.
 */
export function connectOnce(options: RedisOptions, address?: RedisAddress): RedisConnection {
  const once = { ...behaviour(options), lazyConnect: true, retryStrategy: () => null } as const;
  const { commandTimeoutMs } = options;
  if ('clusterNodes' in options)
    return new RedisConnection(undefined, { ...once, ...tlsOf(options), ...address }, commandTimeoutMs);
  const where = { ...once, ...placeOf(options), sentinelRetryStrategy: () => null };
  return new RedisConnection(urlOf(options), where, commandTimeoutMs);
}

/** The servers that take writes: several on a Cluster. */
export function mastersOf(client: RedisClient): readonly Redis[] {
  return client instanceof ClusterConnection ? client.nodes('master') : [client as unknown as Redis];
}

function openCluster(options: ClusterPlace & RedisOptions): ClusterConnection {
  const { keyPrefix, retryStrategy, ...node } = behaviour(options);
  return new ClusterConnection(
    options.clusterNodes,
    {
      keyPrefix,
      scripts: scriptsOf({ isCluster: true }),
      clusterRetryStrategy: retryStrategy,
      redisOptions: { ...node, ...tlsOf(options) },
    },
    options.commandTimeoutMs,
  );
}

function inTurn(addresses: readonly RedisAddress[]): () => RedisAddress | undefined {
  let at = Math.floor(Math.random() * addresses.length);
  return () => addresses[at++ % addresses.length];
}

/** What has failed a command, as whoever waits for it is told. */
export function unanswered(cause: unknown): Unavailable {
  return new Unavailable('store', refusedWrite(cause) ?? 'Redis did not answer', cause);
}

/**
 * Run one command, and say `Unavailable` where Redis did not answer it.
 * @throws {Unavailable} with the cause
 */
export async function answered<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (cause) {
    throw unanswered(cause);
  }
}
