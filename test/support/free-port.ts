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

/**
 * Each of Jest's two workers takes ports of its own, and so does each of up to three runs beside each other, numbered from
 * 0 by LATCHKEY_TEST_RUN_BESIDE: a port that was found free, or was left by a server that is to come back, is not
 * another's meanwhile.
 */
const { JEST_WORKER_ID = '1', LATCHKEY_TEST_RUN_BESIDE = '0' } = process.env;
const WORKERS = 2;
const RUNS = 3;
const PORTS_OF_A_WORKER = Math.floor(PORTS / (WORKERS * RUNS));
const worker = ((Number(JEST_WORKER_ID) - 1) % WORKERS) + WORKERS * (Number(LATCHKEY_TEST_RUN_BESIDE) % RUNS);
const firstPort = FIRST_PORT + worker * PORTS_OF_A_WORKER;
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
