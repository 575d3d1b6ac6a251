import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createRequestReader, type LdapRequest } from './ldap-message.ts';

/** Passes LDAP on, and keeps what was asked in clear, for each connection by itself. */
export type RecordingRelay = AsyncDisposable & {
  readonly port: number;
  /** The requests of each connection, in order, the first connection first. */
  connections(): readonly (readonly LdapRequest[])[];
  /** How many connections are open. */
  open(): number;
  /** The DNs of all binds. */
  binds(): string[];
};

/** Starts a relay on a free port at `host` in front of a server at 127.0.0.1. */
export async function startRecordingRelay(
  target: { port: number },
  host = '127.0.0.1',
): Promise<RecordingRelay> {
  const connections: LdapRequest[][] = [];
  const open = new Set<Socket>();

  const server = createServer((client) => {
    const requests: LdapRequest[] = [];
    connections.push(requests);
    const upstream = connect({ host: '127.0.0.1', port: target.port, noDelay: true });
    const read = createRequestReader((request) => requests.push(request));
    open.add(client.setNoDelay());
    client.on('close', () => open.delete(client)).on('data', read);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('error', () => to.resetAndDestroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await once(server.listen({ host, port: 0 }), 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    open: () => open.size,
    binds: () => connections.flat().flatMap(({ operation, dn }) => (operation === 'bind' ? [dn] : [])),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
