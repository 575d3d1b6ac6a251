import type { Socket } from 'node:net';
import { Client } from 'ldapts';
import { writeOnceATurn } from '../../write-once-a-turn.ts';
import { ConnectionFailure } from './connection-failure.ts';
import { guardMessages } from './message-guard.ts';
import { createSupports, readControls, type Supports } from './supported-controls.ts';

/** One LDAP session on one socket: when the socket is gone, so is the session, for good. */
export interface LdapConnection {
  readonly client: Client;
  /** Which controls may be sent, as the server tells whoever the connection is bound as. Throws what `ldapts` throws. */
  readonly supports: Supports;
  /** Whether nothing can be asked any more: the socket is closed, or about to say so. */
  readonly isClosed: () => boolean;
  /** Send what this turn of the event loop still asks in one piece: for what is lent to many at once. */
  readonly gather: () => void;
  /** Call `listener` when the socket closes; at once where it has. */
  readonly onClose: (listener: () => void) => void;
  /** Say good-bye (RFC 4511, 4.3) and close; never throws. */
  readonly close: () => Promise<void>;
  /** Why it closed, as `thrown` by an operation on it; `undefined` where it did not, or was closed from here. */
  readonly lossOf: (thrown: unknown) => ConnectionFailure | undefined;
}

/** What a connection may take; milliseconds and bytes. */
export interface ConnectionLimits {
  /** An operation that takes longer ends the connection. */
  readonly operationTimeoutMs: number;
  /** A larger message from the server ends the connection. */
  readonly maxMessageBytes: number;
}

/**
 * Speak LDAP over a socket that is ready for it. The socket is handed over once: a second request for one,
 * which is how ldapts would reconnect by itself, unbound and in clear, is refused.
 */
export function openConnection(socket: Socket, limits: ConnectionLimits): LdapConnection {
  let handedOver = false;
  let closing: Promise<void> | undefined;
  const client = new Client({
    // Only the scheme counts: it keeps ldapts from starting a TLS of its own.
    url: 'ldap://socket-of-ours',
    timeout: limits.operationTimeoutMs,
    createConnection: () => {
      if (handedOver || socket.destroyed) throw new Error('the connection to the directory is closed');
      handedOver = true;
      return socket;
    },
  });
  guardClient(client, socket, limits.maxMessageBytes);
  // Between operations nobody listens, and an unheard socket error would end the process.
  socket.on('error', () => {});
  const close = async () => {
    if (!socket.destroyed) await client.unbind().catch(() => {});
    socket.destroy();
  };
  return {
    client,
    supports: createSupports(() => readControls(client)),
    isClosed: () => socket.destroyed,
    gather: () => writeOnceATurn(socket),
    onClose: (listener) => {
      if (socket.destroyed) listener();
      else socket.once('close', listener);
    },
    close() {
      closing ??= close();
      return closing;
    },
    lossOf(thrown) {
      // ldapts passes over whatever came behind a message that it could not read.
      if (isUnreadable(thrown)) socket.destroy(new ConnectionFailure('malformed', UNREADABLE, thrown));
      if (!socket.destroyed) return undefined;
      const { errored } = socket;
      if (errored instanceof ConnectionFailure)
        return new ConnectionFailure(errored.kind, errored.message, thrown);
      if (isTimeout(thrown)) return new ConnectionFailure('slow', 'an operation timed out', thrown);
      return new ConnectionFailure('disconnected', 'the connection was lost', thrown);
    },
  };
}

/** Let ldapts read nothing that came in one piece with a message that nobody should read. */
function guardClient(client: Client, socket: Socket, maxMessageBytes: number): void {
  // ldapts tells nobody which requests it waits for, and lets nobody read before it does.
  const outstanding: ReadonlyMap<string, unknown> = client['messageDetailsByMessageId'];
  const isFit = guardMessages(socket, {
    maxMessageBytes,
    isOutstanding: (id) => outstanding.has(String(id)),
  });
  const reading = client as unknown as { socketDataHandler: (chunk: Buffer) => void };
  const read = reading.socketDataHandler;
  reading.socketDataHandler = (chunk) => {
    if (!isFit(chunk)) return;
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) read(chunk.subarray(at, at + PIECE_BYTES));
  };
}

/** ldapts reads the messages of one piece one inside the other: thousands of them overflow the stack. */
const PIECE_BYTES = 16_384;

const UNREADABLE = 'the server sent a message that makes no sense';

/** ldapts notes on whatever its reading of a response threw which message that was. */
function isUnreadable(failure: unknown): boolean {
  return failure instanceof Error && 'messageDetails' in failure;
}

/** ldapts gives its time-outs no class and no code. */
function isTimeout(failure: unknown): boolean {
  for (let one = failure; one instanceof Error; one = one.cause) {
    if (one.message.endsWith('Operation timed out')) return true;
  }
  return false;
}
