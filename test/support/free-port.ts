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

const FIRST_PORT = 15_000;
const PORTS = 15_000;

/** Each of Jest's workers takes ports of its own: one that was found free is not another's before it is listened on. */
const { JEST_WORKER_ID = '1' } = process.env;
const WORKERS = 4;
const PORTS_OF_A_WORKER = Math.floor(PORTS / WORKERS);
const firstPort = FIRST_PORT + ((Number(JEST_WORKER_ID) - 1) % WORKERS) * PORTS_OF_A_WORKER;
const given = new Set<number>();

/**
 * Gives a TCP port that nothing listens on at 127.0.0.1, and that was not given before.
 * It is below the ports that kernels give to outgoing connections (32768 and up on Linux), so that it stays free
 * while a server that is to come back on it is stopped.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + randomInt(PORTS_OF_A_WORKER);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}
