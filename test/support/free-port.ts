import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Says whether nothing listens on this TCP port at 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  return promise;
}

/**
 * Gives a TCP port that nothing listens on at 127.0.0.1.
 * It is below the ports that kernels give to outgoing connections (32768 and up on Linux), so that it stays free
 * while a server that is to come back on it is stopped.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 30_000);
    if (await isFree(port)) return port;
  }
}
