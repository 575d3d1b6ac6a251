import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** One answer as it came over the wire: its status, and everything after the blank line. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A connection to a server of its own; disposing it closes both. */
export interface RawConnection extends AsyncDisposable {
  readonly socket: Socket;
}

/** Serve `listener` on a free port and connect to it. */
export async function openConnection(listener: RequestListener): Promise<RawConnection> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return {
    socket,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}

/**
 * Send `requests` over one connection, byte for byte, and give the answers until the server closes.
 * The last request must ask for that (`Connection: close`).
 */
export async function exchange(listener: RequestListener, ...requests: string[]): Promise<RawAnswer[]> {
  await using connection = await openConnection(listener);
  let text = '';
  connection.socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  connection.socket.write(requests.join(''));
  await once(connection.socket, 'end');
  return text
    .split(/^(?=HTTP\/1\.1 )/m)
    .map((answer) => answer.split('\r\n\r\n'))
    .map(([head = '', body = '']) => ({ status: Number(head.slice(9, 12)), head, body }));
}
