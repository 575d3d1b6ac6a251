import { Cluster, type ClusterOptions, type Command, type Redis, type RedisOptions } from 'ioredis';
import { createGuardCommand } from './guard-command.ts';
import type { RedisAddress } from './redis-options.ts';

/**
 * How often the nodes are asked who keeps what while no command is sent to a wrong one, in milliseconds: it is how a
 * service that is idle notices that all is well again.
 */
const REFRESH_EVERY_MS = 5000;

/** ioredis' options, but for how replies are mapped: that would be a type parameter. */
type NodeOptions = Pick<ClusterOptions, 'keyPrefix' | 'scripts' | 'clusterRetryStrategy'> & {
  readonly redisOptions: Omit<RedisOptions, 'replyMapping' | 'retryStrategy' | 'enableOfflineQueue'>;
};

/** Connections to the nodes of a Cluster, whose commands go through a guard. */
export class ClusterConnection extends Cluster {
  /** @param commandTimeoutMs the longest that a command may take on one node, in milliseconds */
  constructor(nodes: readonly RedisAddress[], options: NodeOptions, commandTimeoutMs: number) {
    super([...nodes], {
      ...options,
      enableOfflineQueue: false,
      // It would ask a node that is still connecting, and begin again.
      enableReadyCheck: false,
      // A command that was cut off may have run. One that was refused has not: ioredis sends it where it belongs.
      retryDelayOnFailover: 0,
      // At once the answer is the same, and nothing is sent that nobody waits for any more.
      retryDelayOnClusterDown: 0,
      slotsRefreshInterval: REFRESH_EVERY_MS,
      slotsRefreshTimeout: commandTimeoutMs,
      // Names stay names: certificates carry those.
      dnsLookup: (name, found) => found(null, name),
    });
    this.on('+node', (node: Redis) => {
      const guard = createGuardCommand(node, commandTimeoutMs);
      const send = node.sendCommand.bind(node);
      node.sendCommand = (command: Command, ...rest) => {
        guard(command);
        return send(command, ...rest);
      };
      // While a node connects, commands for it fail at once: all but the one that a redirection brings with the node.
      process.nextTick(() => {
        if (node.status === 'wait') node.connect().catch(() => {});
      });
      node.on('ready', this.#look);
    });
    this.on('ready', this.#look);
    this.on('refresh', this.#look);
  }

  /** Whether every part of what is kept has a master that can be asked; `whole` is emitted as often as that is found so. */
  isWhole(): boolean {
    const ready = new Set<string | undefined>(
      this.nodes('master')
        .filter(({ status }) => status === 'ready')
        .map(addressOf),
    );
    return this.status === 'ready' && [...this.#owners()].every((owner) => ready.has(owner));
  }

  /** Whether a part of what is kept is a node's: of those that are named at first, replicas have none. */
  isOwner(node: Redis): boolean {
    return this.#owners().has(addressOf(node));
  }

  readonly #look = () => {
    if (this.isWhole()) this.emit('whole');
  };

  #owners(): ReadonlySet<string | undefined> {
    return new Set(this.slots.map(([owner]) => owner));
  }
}

function addressOf({ options }: Redis): string {
  return `${options.host}:${options.port}`;
}
