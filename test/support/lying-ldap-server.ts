import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import {
  bindResponse,
  createRequestReader,
  extendedResponse,
  type LdapRequest,
  searchDone,
  searchEntry,
} from './ldap-message.ts';

/** A client's connection, as a script sees it. */
export type LyingConnection = {
  /** 1 for the first that was accepted. */
  readonly number: number;
  /** Sends these bytes, in TLS once it has begun. */
  send(...bytes: Buffer[]): void;
  /** Begins TLS as its server: what comes next is the handshake. */
  startTls(): void;
  /** Ends the connection in good order. */
  end(): void;
  /** Ends the connection with RST. */
  reset(): void;
};

/** A request that came in. */
export type SeenRequest = LdapRequest & { readonly connection: number; readonly isSecure: boolean };

/** What to do at each request; without it, `answerHonestly`. */
export type Answer = (request: SeenRequest, connection: LyingConnection) => void;

/** What the server is like. */
export type LyingOptions = {
  answer?: Answer;
  /** Certificate, key and versions of its TLS. */
  tls?: SecureContextOptions;
  /**
   * The controls that it lists in its root DSE when it is asked for those alone, which `answer` and `requests` do not see;
   * one of another control ends the connection. Without it, `knownControls`.
   */
  controls?: readonly string[];
  /** What to do with a new connection, e.g. `startTls()` for ldaps. */
  onConnection?: (connection: LyingConnection) => void;
};

/** An LDAP server of this process, which does what a real one does not do on demand. */
export type LyingLdapServer = AsyncDisposable & {
  /** Its port at 127.0.0.1. */
  readonly port: number;
  /** All requests so far, in the order they came. */
  requests(): readonly SeenRequest[];
  /** How many binds came, in clear or in TLS. */
  binds(): number;
  /** How many connections it has accepted, and how many of them are open. */
  connections(): { accepted: number; open: number };
};

/** The entry that an honest server finds, whoever is looked for. */
export const honestEntry = {
  dn: 'uid=alice,ou=people,dc=example,dc=org',
  attributes: { entryUUID: ['11111111-1111-4111-8111-111111111111'], uid: ['alice'], cn: ['Alice Archer'] },
};

/** By draft-behera-ldap-password-policy, RFC 2696, and [MS-ADTS] 3.1.1.3.4.1.4 and 3.1.1.3.4.1.3. */
export const knownControls = {
  passwordPolicy: '1.3.6.1.4.1.42.2.27.8.5.1',
  pagedResults: '1.2.840.113556.1.4.319',
  domainScope: '1.2.840.113556.1.4.1339',
  dirSync: '1.2.840.113556.1.4.841',
} as const;

/** Accepts every bind, finds `honestEntry`, and begins TLS when it is asked to. */
export const answerHonestly: Answer = ({ id, operation, dn }, connection) => {
  if (operation === 'bind') connection.send(bindResponse(id, 0));
  if (operation === 'search' && dn !== '') {
    connection.send(searchEntry(id, honestEntry.dn, honestEntry.attributes));
  }
  if (operation === 'search') connection.send(searchDone(id, 0));
  if (operation === 'extended') {
    connection.send(extendedResponse(id, 0));
    connection.startTls();
  }
};

function asksForControls({ operation, dn }: LdapRequest, bytes: Buffer): boolean {
  return (
    operation === 'search' && dn === '' && bytes.includes('supportedControl') && !bytes.includes('vendor')
  );
}

/** Starts one on a free port at 127.0.0.1. */
export async function startLyingLdapServer(options: LyingOptions = {}): Promise<LyingLdapServer> {
  const answer = options.answer ?? answerHonestly;
  const secureContext = createSecureContext(options.tls);
  const listed = options.controls ?? Object.values(knownControls);
  const seen: SeenRequest[] = [];
  const open = new Set<Socket>();
  let accepted = 0;

  const serve = (socket: Socket) => {
    let stream = socket;
    const hear = (isSecure: boolean) => {
      const read = createRequestReader((request, bytes) => {
        if (request.controls.some((control) => !listed.includes(control))) return connection.end();
        if (asksForControls(request, bytes)) {
          const root = searchEntry(request.id, '', { supportedControl: [...listed] });
          return connection.send(root, searchDone(request.id, 0));
        }
        const noted = { ...request, connection: connection.number, isSecure };
        seen.push(noted);
        answer(noted, connection);
      });
      stream.on('error', () => {}).on('data', read);
    };
    const connection: LyingConnection = {
      number: ++accepted,
      send: (...bytes) => {
        if (!stream.destroyed) stream.write(Buffer.concat(bytes));
      },
      startTls() {
        socket.removeAllListeners('data');
        stream = new TLSSocket(socket, { isServer: true, secureContext });
        hear(true);
      },
      end: () => socket.end(),
      reset: () => socket.resetAndDestroy(),
    };
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    hear(false);
    options.onConnection?.(connection);
  };

  const server = createServer(serve);
  await once(server.listen({ host: '127.0.0.1', port: 0 }), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => seen,
    binds: () => seen.filter(({ operation }) => operation === 'bind').length,
    connections: () => ({ accepted, open: open.size }),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
