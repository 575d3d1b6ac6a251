/** A server's host name or address, and its port. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** One server. */
export interface SinglePlace {
  /** `redis://` or `rediss://`, with user name and password where Redis asks for them and `RedisOptions` has none. */
  readonly url: string;
}

/** The master that Sentinels know, whichever it is at the time. */
export interface SentinelPlace {
  readonly sentinels: readonly RedisAddress[];
  /** The name by which they know it. */
  readonly master: string;
  /** For the Sentinels themselves; `undefined`: they ask for none. */
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
  /** Whether TLS is spoken to the Sentinels and to the master. */
  readonly tls: boolean;
}

/** A Cluster. */
export interface ClusterPlace {
  /** Some of its nodes: the others are found through them. */
  readonly clusterNodes: readonly RedisAddress[];
  readonly tls: boolean;
}

/** Where Redis is, and how long to wait for it; durations in milliseconds. */
export type RedisOptions = (SinglePlace | SentinelPlace | ClusterPlace) & {
  /** An ACL user of the servers that keep data; `undefined`: the default user. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM of the CA that has signed the servers' certificates; `undefined`: the system's. */
  readonly ca?: string | undefined;
  /** Put before every key, so that several services may share one Redis. */
  readonly keyPrefix: string;
  readonly connectTimeoutMs: number;
  /** The longest that one command may take before it counts as unanswered. */
  readonly commandTimeoutMs: number;
  /** When a change counts as kept; `undefined`: once the server has it that was asked. */
  readonly acknowledge?: AcknowledgeOptions | undefined;
};

/** How many replicas must say that they have a change, and how long that is waited for, in milliseconds. */
export interface AcknowledgeOptions {
  readonly replicas: number;
  readonly withinMs: number;
}
