import type { ClusterPlace, RedisOptions } from './redis-options.ts';

/** The longest pause between two attempts to connect, in milliseconds. */
const MAX_RECONNECT_PAUSE_MS = 500;

/** How every connection behaves: it never queues and never sends again, and comes back by itself. */
export function behaviour({ username, password, keyPrefix, connectTimeoutMs }: RedisOptions) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    keyPrefix,
    connectTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: pauseBefore,
    // A master that has become a replica: whoever is the master now is found by connecting again.
    reconnectOnError: (err: Error) => err.message.startsWith('READONLY'),
  };
}

/** How long to wait before the next attempt to connect, in milliseconds. */
export function pauseBefore(attempt: number): number {
  return Math.min(attempt * 50, MAX_RECONNECT_PAUSE_MS);
}

/** The URL of a single server; `undefined`: `placeOf` says where Redis is. */
export function urlOf(options: RedisOptions): string | undefined {
  return 'url' in options ? options.url : undefined;
}

/** What ioredis is to know beside a URL, or in its place. */
export function placeOf(options: Exclude<RedisOptions, ClusterPlace>) {
  if ('url' in options) return tlsOf({ ...options, tls: options.url.startsWith('rediss:') });
  const { sentinels, master, sentinelUsername, sentinelPassword, tls } = options;
  return {
    sentinels: [...sentinels],
    name: master,
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    sentinelCommandTimeout: options.commandTimeoutMs,
    sentinelRetryStrategy: pauseBefore,
    ...tlsOf(options),
    ...(tls ? { sentinelTLS: tlsOf(options).tls ?? {}, enableTLSForSentinelMode: true } : {}),
  };
}

/** How TLS is spoken, where it is. */
export function tlsOf({ tls, ca }: { readonly tls: boolean; readonly ca?: string | undefined }) {
  return tls ? { tls: ca === undefined ? {} : { ca } } : {};
}
