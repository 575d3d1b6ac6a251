import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './free-port.ts';
import { createRequestReader, type LdapRequest } from './ldap-message.ts';

/** A client's connection, as a fault sees it. */
export type FaultyConnection = {
  /** Sends these bytes, as if they came from the server. */
  send(...bytes: Buffer[]): void;
  /** Sends FIN, and goes on listening. */
  halfClose(): void;
  /** Sends RST. */
  reset(): void;
};

/** What is wrong with the server; `{}` is a healthy one. */
export type LdapFault = {
  /** Nothing listens, and the connections that were open are reset. */
  refuses?: boolean;
  /** How long every answer is late, in ms. */
  lateMs?: number;
  /** Called with each request; whether it has been dealt with: what was not is passed on to the server. */
  onRequest?: (request: LdapRequest, connection: FaultyConnection) => boolean;
};

/** A server that can fail in every way on demand: passes LDAP in clear on, message by message. */
export type LdapProxy = AsyncDisposable & {
  /** Its port at 127.0.0.1, the same for its whole life. */
  readonly port: number;
  /** Puts this fault in the place of the one before, for connections open and new. */
  fail(fault: LdapFault): Promise<void>;
  /** The DNs of all binds since it was made, or since `resetCounts`. */
  binds(): string[];
  resetCounts(): void;
};

/** Starts one on a free port at 127.0.0.1 in front of the server at `target`. */
export async function startLdapProxy(target: { port: number }): Promise<LdapProxy> {
  const port = await freePort();
  const open = new Set<Socket>();
  let fault: LdapFault = {};
  let binds: string[] = [];

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: target.port, noDelay: true });
    const connection: FaultyConnection = {
      send: (...bytes) => void (client.writable && client.write(Buffer.concat(bytes))),
      halfClose: () => void client.end(),
      reset: () => void client.resetAndDestroy(),
    };
    const read = createRequestReader((request, bytes) => {
      if (request.operation === 'bind') binds.push(request.dn);
      if (fault.onRequest?.(request, connection)) return;
      if (upstream.writable) upstream.write(bytes);
    });
    open.add(client);
    client
      .on('data', read)
      .on('end', () => upstream.end())
      .on('error', () => {})
      .on('close', () => {
        open.delete(client);
        upstream.destroy();
      });
    upstream
      .on('data', (bytes) => {
        if (fault.lateMs === undefined) connection.send(bytes);
        else setTimeout(connection.send, fault.lateMs, bytes).unref();
      })
      .on('error', connection.reset)
      .on('close', () => client.destroy());
  });
  const resetAll = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const listen = () => once(server.listen({ host: '127.0.0.1', port }), 'listening');
  await listen();

  return {
    port,
    async fail(next) {
      fault = next;
      if (fault.refuses) {
        const closed = once(server, 'close');
        server.close();
        resetAll();
        await closed;
      } else if (!server.listening) await listen();
    },
    binds: () => [...binds],
    resetCounts() {
      binds = [];
    },
    async [Symbol.asyncDispose]() {
      fault = {};
      resetAll();
      if (server.listening) await new Promise((closed) => server.close(closed));
    },
  };
}
