import type { Certificates } from './certificates.ts';
import { freePort } from './free-port.ts';
import { type RedisNode, type RedisNodeOptions, startRedisNode } from './redis-node.ts';
import type { RedisProgramOptions } from './redis-program.ts';
import { until } from './until.ts';
import { useStarting } from './use-starting.ts';

/** A master, two replicas, and three Sentinels that choose the next master. */
export type RedisSentinel = AsyncDisposable & {
  readonly masterName: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** Those that keep data; the first was the master at first. */
  readonly nodes: readonly RedisNode[];
  /** The one that the Sentinels send clients to now. */
  master(): Promise<RedisNode>;
  /** The others. */
  replicas(): Promise<RedisNode[]>;
  /** Starts and resumes all, and waits until both replicas follow one master and every Sentinel knows that. */
  heal(): Promise<void>;
};

const MASTER_NAME = 'latchkey-test';

/** What may differ from nodes that everybody may use, and that keep nothing over a restart. */
export type RedisSentinelOptions = RedisProgramOptions & {
  /** More lines for the configuration of those that keep data. */
  lines?: readonly string[];
  /** More lines for the configuration of the Sentinels. */
  sentinelLines?: readonly string[];
  /** Certificates of them all, which then speak TLS to each other and to clients; without them, in clear. */
  tls?: Certificates;
};

const NODE_LINES = ['save ""', 'repl-diskless-sync-delay 0'];

/** Starts them; a master is missed after a second. Throws when they do not come up. */
export async function startRedisSentinel(options: RedisSentinelOptions = {}): Promise<RedisSentinel> {
  const stack = new AsyncDisposableStack();
  const { lines = [], sentinelLines = [], ...common } = options;
  const start = (own: RedisNodeOptions) => useStarting(stack, startRedisNode({ ...common, ...own }));
  try {
    const first = await start({ lines: [...NODE_LINES, ...lines] });
    const following = [...NODE_LINES, ...lines, `replicaof 127.0.0.1 ${first.clientPort}`];
    const nodes = [first, ...(await Promise.all([1, 2].map(() => start({ lines: following }))))];
    await until('both replicas follow', () => isFollowed(first));
    const startSentinel = async () => {
      const [port, tlsPort] = [await freePort(), await freePort()];
      const own = linesOfSentinel(first.clientPort, options.tls ? tlsPort : port);
      return start({ port, tlsPort, isSentinel: true, lines: [...own, ...sentinelLines] });
    };
    const sentinels = await Promise.all([1, 2, 3].map(startSentinel));
    const topology = describe(nodes, sentinels);
    await topology.heal();
    return { ...topology, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function linesOfSentinel(masterPort: number, port: number): string[] {
  return [
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${MASTER_NAME} 1000`,
    `sentinel failover-timeout ${MASTER_NAME} 3000`,
    `sentinel parallel-syncs ${MASTER_NAME} 2`,
    'sentinel announce-ip 127.0.0.1',
    `sentinel announce-port ${port}`,
  ];
}

function describe(nodes: readonly RedisNode[], sentinels: readonly RedisNode[]) {
  const known = async (sentinel: RedisNode) => {
    const told = (await sentinel.ask('SENTINEL', 'MASTER', MASTER_NAME)) as string[];
    const field = (name: string) => told[told.indexOf(name) + 1];
    return {
      port: Number(field('port')),
      flags: field('flags'),
      replicas: field('num-slaves'),
      others: field('num-other-sentinels'),
    };
  };
  const master = async () => {
    const [first] = sentinels;
    const { port } = first ? await known(first) : { port: 0 };
    const node = nodes.find((one) => one.clientPort === port);
    if (!node) throw new Error(`the Sentinels name a master that is none of ours: port ${port}`);
    return node;
  };
  const isHealthy = async () => {
    const current = await master();
    const views = await Promise.all(sentinels.map(known));
    const isAgreed = views.every(
      ({ port, flags, replicas, others }) =>
        port === current.clientPort && flags === 'master' && replicas === '2' && others === '2',
    );
    return isAgreed && (await isFollowed(current));
  };
  return {
    masterName: MASTER_NAME,
    sentinels: sentinels.map(({ clientPort: port }) => ({ host: '127.0.0.1', port })),
    nodes,
    master,
    async replicas() {
      const current = await master();
      return nodes.filter((one) => one !== current);
    },
    async heal() {
      for (const node of [...nodes, ...sentinels]) await node.bringUp();
      await until('all Sentinels agree on a master with two replicas', isHealthy);
    },
  };
}

/** Whether two replicas follow a node, as far as it has come. */
async function isFollowed(node: RedisNode): Promise<boolean> {
  const told = String(await node.ask('INFO', 'replication'));
  return told.includes('role:master') && (told.match(/state=online/g) ?? []).length === 2;
}
