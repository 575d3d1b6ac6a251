import type { Socket } from 'node:net';

/**
 * Wait for one step of opening a connection; a step that fails or takes longer than `ms` ends its socket.
 * @param step what is waited for, as it should read in the error
 * @throws {Error} `step` failed, with the cause, or timed out
 */
export async function withinDeadline<T>(
  step: string,
  ms: number,
  socket: Socket,
  run: () => Promise<T>,
): Promise<T> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([run(), timedOut]);
  } catch (cause) {
    // The ended socket may still report an error, which nobody waits for any more.
    socket.on('error', () => {});
    socket.destroy();
    throw new Error(`${step} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}
