import type { Redis } from 'ioredis';
import type { Log } from '../../ports/log.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { reportRefusedWrites } from './report-refused-writes.ts';

/** So many reasons are told of one absence: addresses and ports in them differ from node to node. */
const MOST_REASONS = 4;

/** One line when Redis goes and one when it comes, however often connecting fails in between. */
export function reportState(client: Redis, log: Log): void {
  const state = createState(log);
  client.on('error', (err) => state.lose('Redis is away: sign-ins and verifications answer 503', { err }));
  // A server that ends in good order closes without an error.
  client.on('reconnecting', () => state.lose('Redis is away: sign-ins and verifications answer 503'));
  client.on('whole', state.find);
  client.on('failure', reportRefusedWrites(log));
}

/** The same for a Cluster, which counts as away while any part of it is; with what its nodes say of why. */
export function reportClusterState(cluster: ClusterConnection, log: Log): void {
  const state = createState(log);
  let nodeError: Error | undefined;
  cluster.on('node error', (err: Error) => {
    nodeError = err;
    state.explain(err);
  });
  cluster.on('error', (err: Error & { lastNodeError?: Error }) => {
    state.lose('Redis is away: sign-ins and verifications answer 503', { err: err.lastNodeError ?? err });
  });
  // The error comes after it, and says less than what its nodes have met with.
  cluster.on('reconnecting', () => {
    state.lose('Redis is away: sign-ins and verifications answer 503', nodeError && { err: nodeError });
  });
  const reportRefused = reportRefusedWrites(log);
  cluster.on('+node', (node: Redis) => node.on('failure', reportRefused));
  cluster.on('-node', (left: Redis) => {
    // Replicas take nothing with them.
    if (cluster.status !== 'ready' || !cluster.isOwner(left) || cluster.isWhole()) return;
    const node = `${left.options.host}:${left.options.port}`;
    const message = 'a master of the Redis Cluster is away: what it keeps is answered 503';
    state.lose(message, { node });
  });
  cluster.on('whole', state.find);
}

function createState(log: Log) {
  let isAway = false;
  let isFound = false;
  /** Told of this absence. */
  const reasons = new Set<string>();
  return {
    lose(message: string, fields: { readonly err?: Error; readonly node?: string } = {}) {
      if (isAway) return;
      isAway = true;
      isFound = false;
      if (fields.err) reasons.add(fields.err.message);
      log.error(fields, message);
    },
    /** What a node has met with may come after the loss, whose own reason may be no more than a closed connection. */
    explain(err: Error) {
      if (!isAway || reasons.has(err.message) || reasons.size >= MOST_REASONS) return;
      reasons.add(err.message);
      log.error({ err }, 'Redis is away, and one of its nodes says why');
    },
    find() {
      if (isFound) return;
      log.info({}, isAway ? 'Redis is back' : 'Redis is connected');
      isAway = false;
      isFound = true;
      reasons.clear();
    },
  };
}
