import { accountIdOf, accountKeyPrefix } from './account-key.ts';

/** The connection that news come over. It speaks RESP2, since ioredis drops RESP3's pushes, and reconnects by itself. */
export interface Subscriber {
  readonly status: string;
  call(command: string, ...args: string[]): Promise<unknown>;
  subscribe(...channels: string[]): Promise<unknown>;
  on(event: 'ready' | 'close' | 'error', listener: () => void): unknown;
  on(event: 'messageBuffer', listener: (channel: Buffer, message: Message) => void): unknown;
  disconnect(reconnect?: boolean): void;
}

/** What comes by a channel: text, and from Redis' tracking a list of keys, or null where all may have changed. */
export type Message = Buffer | readonly Buffer[] | null;

/** How Redis tells of changes. */
export interface NewsForm {
  readonly channel: string;
  /** Ask Redis for what the channel is to tell. */
  prepare(subscriber: Subscriber): Promise<void>;
  /** The accounts that have changed; `undefined` among them: nobody knows which others have. */
  idsIn(message: Message): readonly (number | undefined)[];
}

/**
 * Redis' own tracking of keys ("Client-side caching" in its documentation), redirected to the connection itself: it
 * tells of deletions, expiry, FLUSHALL and whatever operators do by hand, too. Of the one server of the connection.
 */
export function trackedNews(keyPrefix: string): NewsForm {
  const prefix = accountKeyPrefix(keyPrefix);
  return {
    channel: '__redis__:invalidate',
    async prepare(subscriber) {
      const id = String(await subscriber.call('CLIENT', 'ID'));
      await subscriber.call('CLIENT', 'TRACKING', 'OFF');
      await subscriber.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', prefix);
    },
    idsIn: (message) =>
      Array.isArray(message)
        ? message.map((key: Buffer) => accountIdOf(key.toString(), prefix))
        : [undefined],
  };
}

/** What the scripts of `publishing` publish, on whatever server of a Cluster. */
export function publishedNews(keyPrefix: string): NewsForm {
  return {
    channel: `${keyPrefix}account-changed`,
    async prepare() {},
    idsIn: (message) => [accountIdOf(String(message), '')],
  };
}
