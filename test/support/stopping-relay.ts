import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createCommandReader } from './redis-commands.ts';

/** Where a relay stops at a command: before Redis has it, or once Redis has run it and before its reply gets through. */
export type Stop = 'before' | 'after';

/** Passes on what clients and a Redis say, and stops at a command of the clients where it is told to. */
export type StoppingRelay = AsyncDisposable & {
  readonly port: number;
  /**
   * From here on, lets so many commands of the kind that `counts` through, and stops at the next: then nothing gets
   * through any more, either way, over no connection. Resolves when it has stopped: whatever was let through has been
   * run by then.
   */
  stopAt(passed: number, stop: Stop, counts: (words: readonly string[]) => boolean): Promise<void>;
  /** Whether it has. */
  hasStopped(): boolean;
};

const MARK = 'latchkey-stopping-relay';

/** Starts a relay on a free port at 127.0.0.1 in front of a Redis at 127.0.0.1. */
export async function startStoppingRelay(target: { readonly port: number }): Promise<StoppingRelay> {
  const open = new Set<Socket>();
  let left = 0;
  let counts = (_words: readonly string[]) => false;
  let where: Stop = 'before';
  let state: 'passing' | 'stopping' | 'stopped' = 'passing';
  let stopped = Promise.withResolvers<void>();

  /** Redis runs what one connection sends in order: with the answer to this, all before it has been run. */
  const stop = (upstream: Socket) => {
    state = 'stopping';
    let heard = '';
    upstream.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (!heard.includes(MARK) || state === 'stopped') return;
      state = 'stopped';
      stopped.resolve();
    });
    upstream.write(`*2\r\n$4\r\nPING\r\n$${MARK.length}\r\n${MARK}\r\n`);
  };
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: target.port, noDelay: true });
    const read = createCommandReader();
    for (const socket of [client, upstream]) open.add(socket.on('close', () => open.delete(socket)));
    client.on('data', (piece) => {
      for (const { bytes, words } of read(piece)) {
        if (state !== 'passing') return;
        const isTheOne = counts(words) && left-- === 0;
        if (!isTheOne || where === 'after') upstream.write(bytes);
        if (isTheOne) stop(upstream);
      }
    });
    upstream.on('data', (bytes) => {
      if (state === 'passing') client.write(bytes);
    });
    client.on('error', () => {}).on('close', () => upstream.destroy());
    upstream.on('error', () => {}).on('close', () => client.destroy());
  });
  await once(server.listen({ host: '127.0.0.1', port: 0 }), 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    stopAt(passed, stop, kind) {
      left = passed;
      where = stop;
      counts = kind;
      stopped = Promise.withResolvers();
      return stopped.promise;
    },
    hasStopped: () => state !== 'passing',
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
