import type { Certificates } from './certificates.ts';
import { freePort } from './free-port.ts';
import { type RedisNode, startRedisNode } from './redis-node.ts';
import type { RedisProgramOptions } from './redis-program.ts';
import { until } from './until.ts';
import { useStarting } from './use-starting.ts';

/** A Cluster of three masters, each with a replica. */
export type RedisCluster = AsyncDisposable & {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  readonly nodes: readonly RedisNode[];
  /** Those that are masters now. */
  masters(): Promise<RedisNode[]>;
  /** The master that keeps `key` now. */
  masterOf(key: string): Promise<RedisNode>;
  /** The replicas of a master. */
  replicasOf(master: RedisNode): Promise<RedisNode[]>;
  /** Starts and resumes all, and waits until every node says that the Cluster is well and each master has its replica. */
  heal(): Promise<void>;
};

/** What may differ from nodes that everybody may use, and that keep nothing over a restart. */
export type RedisClusterOptions = RedisProgramOptions & {
  /** More lines for the configuration of every node. */
  lines?: readonly string[];
  /** Certificates of every node: they then speak TLS to each other and to clients; without them, in clear. */
  tls?: Certificates;
};

const MASTERS = 3;
const SLOTS = 16_384;

/** Starts them; a node is missed after two seconds. Throws when they do not come up. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const stack = new AsyncDisposableStack();
  const { lines = [], ...common } = options;
  const startNode = async () => {
    const busPort = await freePort();
    const bus = options.tls ? ['tls-cluster yes'] : [];
    const starting = startRedisNode({ ...common, lines: [...clusterLines(busPort), ...bus, ...lines] });
    return { ...(await useStarting(stack, starting)), busPort };
  };
  try {
    const nodes = await Promise.all(Array.from({ length: 2 * MASTERS }, startNode));
    await join(nodes);
    const topology = describe(nodes);
    await topology.heal();
    return { ...topology, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function clusterLines(busPort: number): string[] {
  return [
    ...['save ""', 'repl-diskless-sync-delay 0'],
    ...['cluster-enabled yes', 'cluster-config-file nodes.conf', 'cluster-node-timeout 2000'],
    ...[`cluster-port ${busPort}`, 'cluster-announce-ip 127.0.0.1'],
    // A replica that was paused is as good as any other: the tests are about what was acknowledged.
    'cluster-replica-validity-factor 0',
  ];
}

/** What `redis-cli --cluster create` does. */
async function join(nodes: readonly (RedisNode & { readonly busPort: number })[]): Promise<void> {
  const [first, ...others] = nodes;
  for (const [at, node] of nodes.entries()) {
    await node.ask('CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
    if (at >= MASTERS) continue;
    const [from, to] = [at, at + 1].map((share) => Math.ceil((share * SLOTS) / MASTERS));
    await node.ask('CLUSTER', 'ADDSLOTSRANGE', from ?? 0, (to ?? 0) - 1);
  }
  for (const { port, busPort } of others) await first?.ask('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  const views = () => Promise.all(nodes.map(viewOf));
  await until('all have met', async () => (await views()).every((view) => view.length === nodes.length));
  for (const [at, node] of nodes.slice(MASTERS).entries()) {
    await node.ask('CLUSTER', 'REPLICATE', String(await nodes[at]?.ask('CLUSTER', 'MYID')));
  }
}

/** What a node knows of another. */
interface Seen {
  readonly id: string;
  readonly port: number;
  readonly flags: readonly string[];
  readonly masterId: string;
  readonly slots: readonly string[];
}

async function viewOf(node: RedisNode): Promise<Seen[]> {
  const lines = String(await node.ask('CLUSTER', 'NODES'))
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [id = '', address = '', flags = '', masterId = '', , , , , ...slots] = line.split(' ');
    return { id, port: Number(/:(\d+)@/.exec(address)?.[1]), flags: flags.split(','), masterId, slots };
  });
}

function describe(nodes: readonly RedisNode[]) {
  const view = async () => {
    const up = nodes.find((node) => node.isUp());
    return up ? viewOf(up) : [];
  };
  const nodesOf = (seen: readonly Seen[]) =>
    seen.flatMap(({ port }) => nodes.filter((node) => node.port === port));
  const isMaster = ({ flags, slots }: Seen) =>
    flags.includes('master') && !flags.some((flag) => flag.startsWith('fail')) && slots.length > 0;
  const isHealthy = async () => {
    for (const node of nodes) {
      const seen = await viewOf(node);
      const info = String(await node.ask('CLUSTER', 'INFO'));
      const isSound =
        seen.length === nodes.length && seen.every(({ flags }) => !/fail|handshake/.test(flags.join()));
      const masters = seen.filter(isMaster);
      // A node may hear later than the replica itself whose replica it is.
      const isKnown = masters.every(({ id }) => seen.some(({ masterId }) => masterId === id));
      if (!isSound || !isKnown || masters.length !== MASTERS || !info.includes('cluster_state:ok'))
        return false;
      const role = String(await node.ask('INFO', 'replication'));
      if (!/state=online|master_link_status:up/.test(role)) return false;
    }
    return true;
  };
  return {
    addresses: nodes.map(({ clientPort: port }) => ({ host: '127.0.0.1', port })),
    nodes,
    masters: async () => nodesOf((await view()).filter(isMaster)),
    async masterOf(key: string) {
      const slot = Number(await nodes.find((node) => node.isUp())?.ask('CLUSTER', 'KEYSLOT', key));
      const seen = await view();
      const [owner] = nodesOf(
        seen.filter(isMaster).filter(({ slots }) => slots.some((range) => covers(range, slot))),
      );
      if (!owner) throw new Error(`nobody keeps slot ${slot}: ${JSON.stringify(seen)}`);
      return owner;
    },
    async replicasOf(master: RedisNode) {
      const seen = await view();
      const id = seen.find(({ port }) => port === master.port)?.id;
      return nodesOf(seen.filter(({ masterId }) => masterId === id));
    },
    async heal() {
      for (const node of nodes) await node.bringUp();
      await until('every node says that the Cluster is well', isHealthy);
    },
  };
}

/** Whether a range of slots, `5` or `0-5460`, has one. */
function covers(range: string, slot: number): boolean {
  const [from = Number.NaN, to = from] = range.split('-').map(Number);
  return from <= slot && slot <= to;
}
