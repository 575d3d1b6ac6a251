import type { Writable } from 'node:stream';

/**
 * Hold back what is written to a stream until this turn of the event loop has done its work, and write it in one
 * piece: a system call costs more than what it carries.
 */
export function writeOnceATurn(stream: Writable): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}
