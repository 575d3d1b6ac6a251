import type { Socket } from 'node:net';
import { withinTime } from '../../../within-time.ts';
import { ConnectionFailure, type FailureKind } from './connection-failure.ts';

/**
 * Wait for one step of opening a connection; a step that fails or takes longer than `ms` ends its socket.
 * @param step what is waited for, as it should read in the error
 * @param kind what it is called where it fails, and is not merely slow, refused or hung up on
 * @throws {ConnectionFailure} `step` failed, with the cause, or timed out
 */
export async function withinDeadline<T>(
  step: string,
  kind: FailureKind,
  ms: number,
  socket: Socket,
  run: () => Promise<T>,
): Promise<T> {
  const late = () => new ConnectionFailure('slow', `no answer within ${ms} ms`);
  try {
    return await withinTime(run(), ms, late);
  } catch (cause) {
    // The ended socket may still report an error, which nobody waits for any more.
    socket.on('error', () => {});
    socket.destroy();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectionFailure(kindOf(cause) ?? kind, `${step} failed: ${reason}`, cause);
  }
}

function kindOf(cause: unknown): FailureKind | undefined {
  if (cause instanceof ConnectionFailure) return cause.kind;
  const { code } = Object(cause) as { code?: unknown };
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'disconnected' : undefined;
}
