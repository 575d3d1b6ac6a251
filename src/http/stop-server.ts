import type { Server } from 'node:http';

/** How often kept-alive connections that have become idle are looked for, in milliseconds. */
const SWEEP_MS = 25;

/**
 * Stop accepting, let requests in flight finish, and close each connection once it is idle; what is left
 * after `withinMs` is cut. Resolves when no connection is open.
 */
export async function stopServer(server: Server, withinMs: number): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
