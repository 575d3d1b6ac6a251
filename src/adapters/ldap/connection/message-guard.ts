import type { Socket } from 'node:net';
import { ConnectionFailure } from './connection-failure.ts';
import { readMessageHead } from './message-head.ts';

/** RFC 4511, 4.4.1. */
const NOTICE_OF_DISCONNECTION = '1.3.6.1.4.1.1466.20036';
/** Enough of an unsolicited message to know a notice by. */
const NOTICE_BYTES = 4096;
/** SearchResultEntry, SearchResultReference and IntermediateResponse: more follows for the same request. */
const NOT_THE_LAST = new Set([0x64, 0x73, 0x79]);
const NOTHING = Buffer.alloc(0);

/** What a guard lets through. */
export interface GuardOptions {
  readonly maxMessageBytes: number;
  /** Whether a request of this id waits for its response. */
  readonly isOutstanding: (id: number) => boolean;
}

/** Takes what came through a socket, in order; whether all of it may be read: nothing is to be where it is `false`. */
export type MessageGuard = (chunk: Buffer) => boolean;

/**
 * Read what comes through a socket before anybody else does, and end the connection at the first message that is
 * too large, that nobody asked for, or that is none: ldapts has no limit and passes over the rest. Keeps a few bytes
 * of a message, and never the message. The socket is destroyed with a `ConnectionFailure`.
 */
export function guardMessages(
  socket: Socket,
  { maxMessageBytes, isOutstanding }: GuardOptions,
): MessageGuard {
  let head: Buffer = NOTHING;
  let toSkip = 0;

  const readAll = (chunk: Buffer): void => {
    const answered = new Set<number>();
    let rest = chunk;
    while (rest.length > 0) {
      if (toSkip > 0) {
        const skipped = Math.min(toSkip, rest.length);
        toSkip -= skipped;
        rest = rest.subarray(skipped);
      }
      head = head.length === 0 ? rest : Buffer.concat([head, rest]);
      const message = readMessageHead(head, maxMessageBytes);
      if (message && message.bytes > maxMessageBytes) {
        throw new ConnectionFailure('too-large', `a message of ${message.bytes} bytes: more than the limit`);
      }
      if (!message || message.id === undefined) return;
      if (message.id === 0) {
        if (head.length < Math.min(message.bytes, NOTICE_BYTES)) return;
        throw unsolicited(head);
      }
      if (answered.has(message.id) || !isOutstanding(message.id)) {
        throw new ConnectionFailure('malformed', 'a response to a request that nobody has made');
      }
      if (!NOT_THE_LAST.has(message.operation)) answered.add(message.id);
      toSkip = Math.max(0, message.bytes - head.length);
      rest = message.bytes < head.length ? head.subarray(message.bytes) : NOTHING;
      head = NOTHING;
    }
  };

  socket.once('end', () => {
    socket.destroy(new ConnectionFailure('disconnected', 'the server closed the connection'));
  });
  return (chunk) => {
    if (socket.destroyed) return false;
    try {
      readAll(chunk);
      return true;
    } catch (failure) {
      socket.destroy(failure as Error);
      return false;
    }
  };
}

function unsolicited(message: Buffer): ConnectionFailure {
  return message.includes(NOTICE_OF_DISCONNECTION)
    ? new ConnectionFailure('disconnected', 'the server gave notice of disconnection')
    : new ConnectionFailure('malformed', 'a message that nobody has asked for');
}
