import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { testCertificates } from './certificates.ts';
import { createRequestReader, extendedResponse, type LdapRequest } from './ldap-message.ts';

/** A request that came in TLS. */
export type RelayedRequest = LdapRequest & {
  /** Whether the client has shown a certificate; it is not looked at. */
  readonly isCertified: boolean;
};

/** The TLS end of a directory: passes on what came in TLS, and keeps what was asked. */
export type TlsRelay = AsyncDisposable & {
  /** Its port at 127.0.0.1: for ldaps://, and for ldap:// with StartTLS. */
  readonly port: number;
  /** The file with the certificate of the CA (PEM). The relay's own is for localhost and 127.0.0.1. */
  readonly caFile: string;
  /** What came in TLS, in order, since the last `forget`. */
  requests(): readonly RelayedRequest[];
  /** What came in clear beside StartTLS, ever. None of it is passed on: the connection is closed. */
  inClear(): readonly LdapRequest[];
  /** Forgets what came in TLS. */
  forget(): void;
};

const handshake = 0x16;
const asServer = { isServer: true, requestCert: true, rejectUnauthorized: false };

/** Starts a relay on a free port in front of a directory that speaks LDAP in clear at 127.0.0.1. */
export async function startTlsRelay(target: { port: number }): Promise<TlsRelay> {
  const { ca, good } = await testCertificates();
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-tls-relay-'));
  const caFile = join(dir, 'ca.crt');
  await writeFile(caFile, ca);
  const secureContext = createSecureContext(good);
  const inClear: LdapRequest[] = [];
  const open = new Set<Socket>();
  let requests: RelayedRequest[] = [];

  const passOn = (secure: TLSSocket) => {
    const upstream = connect({ host: '127.0.0.1', port: target.port, noDelay: true });
    const read = createRequestReader((request) => {
      requests.push({ ...request, isCertified: secure.getPeerX509Certificate() !== undefined });
    });
    secure.on('data', read);
    for (const [from, to] of [
      [secure, upstream],
      [upstream, secure],
    ] as const) {
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  };
  const server = createServer((client) => {
    open.add(client.setNoDelay());
    client.on('close', () => open.delete(client)).on('error', () => {});
    untilTls(client, secureContext, {
      onTls: passOn,
      onClear: (request) => {
        inClear.push(request);
        client.destroy();
      },
    });
  });
  await once(server.listen({ host: '127.0.0.1', port: 0 }), 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    caFile,
    requests: () => requests,
    inClear: () => inClear,
    forget() {
      requests = [];
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
      await rm(dir, { recursive: true });
    },
  };
}

type Ways = { onTls: (secure: TLSSocket) => void; onClear: (request: LdapRequest) => void };

/** Reads in clear until the client begins TLS: with its first byte, or after StartTLS, which is granted. */
function untilTls(client: Socket, secureContext: SecureContext, { onTls, onClear }: Ways): void {
  const upgrade = () => {
    client.removeAllListeners('data');
    onTls(new TLSSocket(client, { ...asServer, secureContext }));
  };
  const read = createRequestReader((request) => {
    if (request.operation !== 'extended') return onClear(request);
    client.write(extendedResponse(request.id, 0));
    upgrade();
  });
  client.on('data', (bytes) => {
    if (bytes[0] !== handshake) return read(bytes);
    client.removeAllListeners('data');
    client.pause().unshift(bytes);
    upgrade();
  });
}
