import type { Redis } from 'ioredis';
import { Unavailable } from '../../errors.ts';
import type { Log } from '../../ports/log.ts';
import { RedisConnection } from './redis-connection.ts';
import { type Scripts, scripts } from './scripts.ts';

/** Where Redis is, and how long to wait for it; durations in milliseconds. */
export interface RedisOptions {
  /** `redis://` or `rediss://`, with user name and password where Redis asks for them. */
  readonly url: string;
  /** Put before every key, so that several services may share one Redis. */
  readonly keyPrefix: string;
  readonly connectTimeoutMs: number;
  /** The longest that one command may take before it counts as unanswered. */
  readonly commandTimeoutMs: number;
}

/** A connection to Redis that carries our scripts. */
export type RedisClient = RedisConnection & Scripts;

/** The longest pause between two attempts to connect, in milliseconds. */
const MAX_RECONNECT_PAUSE_MS = 1000;

/**
 * Open one connection and keep it open: it comes back by itself. While it is away commands fail at once
 * instead of queueing, and a command that was cut off is not sent again, since nobody knows whether it ran.
 */
export function openRedis(options: RedisOptions, log: Log): RedisClient {
  const behaviour = {
    keyPrefix: options.keyPrefix,
    connectTimeout: options.connectTimeoutMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => Math.min(attempt * 50, MAX_RECONNECT_PAUSE_MS),
    scripts,
  };
  const client = new RedisConnection(options.url, behaviour, options.commandTimeoutMs);
  reportState(client, log);
  return client as RedisClient;
}

/** One line when Redis goes and one when it comes, however often connecting fails in between. */
function reportState(client: Redis, log: Log): void {
  let away = false;
  const noticeLoss = (fields: object) => {
    if (away) return;
    away = true;
    log.error(fields, 'Redis is away: sign-ins and verifications answer 503');
  };
  client.on('error', (err) => noticeLoss({ err }));
  // A server that ends in good order closes without an error.
  client.on('reconnecting', () => noticeLoss({}));
  client.on('ready', () => {
    log.info({}, away ? 'Redis is back' : 'Redis is connected');
    away = false;
  });
}

/**
 * Run one command, and say `Unavailable` where Redis did not answer it.
 * @throws {Unavailable} with the cause
 */
export async function answered<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (cause) {
    throw new Unavailable('store', 'Redis did not answer', cause);
  }
}
