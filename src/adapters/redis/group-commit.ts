import type { RedisConnection } from './redis-connection.ts';
import type { AcknowledgeOptions } from './redis-options.ts';

/** Sends a write on the connection that it is given, in the turn of the event loop in which it is called. */
export type SendWrite<T> = (redis: RedisConnection) => Promise<T>;

/** What Redis answered a write, and how many replicas have said that they have it; or why nobody knows. */
export interface Committed<T> {
  readonly reply: T;
  readonly replicas: number | Error;
}

/** Writes to one master, each with a WAIT behind it. */
export interface GroupCommit {
  /** Throws what Redis, or the connection, answered the write. That it was cut off does not say that it did not run. */
  commit<T>(send: SendWrite<T>): Promise<Committed<T>>;
  /** Use another connection from the next WAIT on: this one may lead to a server that is no master any more. */
  renew(): void;
  end(): Promise<void>;
}

/** So many writes may wait for the WAIT that is out. */
const MAX_WAITING = 1000;

interface Waiting {
  readonly send: SendWrite<unknown>;
  readonly resolve: (committed: Committed<unknown>) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * One pipeline at a time: writes, and one WAIT for them all. WAIT blocks its connection, so what is to be written
 * meanwhile waits here and goes out together, and nobody waits for more than two of them.
 * @param connect makes a connection, not yet opened: by need, and again when the one before has broken
 */
export function createGroupCommit(
  connect: () => RedisConnection,
  { replicas, withinMs }: AcknowledgeOptions,
): GroupCommit {
  const connection = createByNeed(connect);
  const waiting: Waiting[] = [];
  let isOut = false;

  const commitWaiting = async () => {
    const redis = await connection.ready();
    const group = waiting.splice(0);
    const replies = group.map(async ({ send }) => send(redis));
    const acknowledged = redis.wait(replicas, withinMs).catch((cause: Error) => cause);
    group.forEach(({ resolve, reject }, at) => {
      replies[at]?.then(async (reply) => resolve({ reply, replicas: await acknowledged }), reject);
    });
    await acknowledged;
  };
  const run = async () => {
    isOut = true;
    while (waiting.length > 0) {
      await commitWaiting().catch((cause: unknown) => {
        for (const { reject } of waiting.splice(0)) reject(cause);
      });
    }
    isOut = false;
  };

  return {
    commit<T>(send: SendWrite<T>) {
      const { promise, resolve, reject } = Promise.withResolvers<Committed<T>>();
      if (waiting.length >= MAX_WAITING) reject(new Error('too many writes wait to be acknowledged'));
      else waiting.push({ send, resolve: resolve as Waiting['resolve'], reject });
      // What the same turn brings goes out together.
      if (!isOut) queueMicrotask(() => isOut || void run());
      return promise;
    },
    renew: connection.renew,
    end: connection.end,
  };
}

/** A connection that has ended has nothing to close, and would wait for that. */
function close(redis: RedisConnection | undefined): void {
  if (redis && redis.status !== 'end') redis.disconnect();
}

/** One connection, opened when it is needed. */
function createByNeed(connect: () => RedisConnection) {
  let current: RedisConnection | undefined;
  let isOld = false;
  return {
    /** Called by one at a time. Throws where it cannot be opened. */
    async ready(): Promise<RedisConnection> {
      if (current?.status === 'ready' && !isOld) return current;
      close(current);
      isOld = false;
      let failure: unknown;
      const redis = connect();
      redis.on('error', (error) => {
        failure = error;
      });
      current = redis;
      await redis.connect().catch((error: unknown) => {
        close(redis);
        throw failure ?? error;
      });
      return redis;
    },
    renew() {
      isOld = true;
    },
    async end() {
      await current?.quit().catch(() => close(current));
    },
  };
}
