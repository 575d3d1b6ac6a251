import type { Socket } from 'node:net';
import { Client } from 'ldapts';

/** One LDAP session on one socket: when the socket is gone, so is the session, for good. */
export interface LdapConnection {
  readonly client: Client;
  /** Whether nothing can be asked any more: the socket is closed, or about to say so. */
  readonly isClosed: () => boolean;
  /** Call `listener` when the socket closes; at once where it has. */
  readonly onClose: (listener: () => void) => void;
  /** Say good-bye (RFC 4511, 4.3) and close; never throws. */
  readonly close: () => Promise<void>;
}

/**
 * Speak LDAP over a socket that is ready for it. The socket is handed over once: a second request for one,
 * which is how ldapts would reconnect by itself, unbound and in clear, is refused.
 * @param operationTimeoutMs an operation that takes longer ends the connection
 */
export function openConnection(socket: Socket, operationTimeoutMs: number): LdapConnection {
  let handedOver = false;
  const client = new Client({
    // Only the scheme counts: it keeps ldapts from starting a TLS of its own.
    url: 'ldap://socket-of-ours',
    timeout: operationTimeoutMs,
    createConnection: () => {
      if (handedOver || socket.destroyed) throw new Error('the connection to the directory is closed');
      handedOver = true;
      return socket;
    },
  });
  // Between operations nobody listens, and an unheard socket error would end the process.
  socket.on('error', () => {});
  return {
    client,
    isClosed: () => socket.destroyed,
    onClose: (listener) => {
      if (socket.destroyed) listener();
      else socket.once('close', listener);
    },
    async close() {
      if (!socket.destroyed) await client.unbind().catch(() => {});
      socket.destroy();
    },
  };
}
