import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { createLdapTap, type LdapOperation } from './ldap-tap.ts';

/** What is wrong with the network; `{}` is a healthy one. */
type Fault = {
  /** How long every piece of the stream is on its way, in ms, each way. */
  latency?: number;
  /**
   * refuse: nothing listens; open connections go on.
   * blackhole: connections are accepted and nothing gets through, either way, until the mode changes.
   * reset: every connection, open or new, is reset.
   */
  mode?: 'refuse' | 'blackhole' | 'reset';
  /** The black hole is for connections that begin with a client who says this in clear; without it, for all. */
  saying?: string;
};

/** In so many bytes of what a client sends first it may be recognised. */
const OPENING_BYTES = 2048;

/** A TCP proxy with faults, which counts what goes through it. */
export type TcpProxy = AsyncDisposable & {
  /** Its port at 127.0.0.1, the same for its whole life. */
  readonly port: number;
  /** What it has counted since it was made, or since `resetCounts`. */
  readonly counts: { readonly connections: number };
  /** How many connections to the target are open now. */
  openConnections(): number;
  /** Puts this fault in the place of the one before. */
  set(fault: Fault): Promise<void>;
  /** Resets all open connections; new ones are served. */
  kill(): void;
  /** How many LDAP requests of each kind clients have sent in clear. */
  ldapOps(): Record<LdapOperation, number>;
  /** The DNs of the LDAP binds that clients have sent in clear, in order. */
  binds(): string[];
  /** How often clients sent something after the server had: the round trips that one had to wait for. */
  roundTrips(): number;
  /** Begins all counts anew. */
  resetCounts(): void;
};

/** Starts a proxy on a free port at 127.0.0.1 in front of `target`, which need not be there yet. */
export async function startTcpProxy(target: { host?: string; port: number }): Promise<TcpProxy> {
  const port = await freePort();
  const tap = createLdapTap();
  const open = new Set<Socket>();
  const upstreams = new Set<Socket>();
  const counts = { connections: 0 };
  let fault: Fault = {};
  let healed = Promise.withResolvers<void>();
  let roundTrips = 0;
  let asking = false;

  const kill = () => {
    for (const socket of open) reset(socket);
  };

  /** What a client has said first, and whether that has it in the black hole. */
  const listenIn = () => {
    let opening = '';
    return {
      hear(bytes: Buffer) {
        if (opening.length < OPENING_BYTES) opening += bytes.toString('latin1');
      },
      isHeld: () => fault.mode === 'blackhole' && opening.includes(fault.saying ?? ''),
    };
  };

  /** Passes on what `from` sends, and its end, in order: late under latency, held back in a black hole. */
  const pass = (from: Socket, to: Socket, isHeld: () => boolean, see: (bytes: Buffer) => void) => {
    let last = Promise.resolve();
    const later = (step: () => void) => {
      const due = performance.now() + (fault.latency ?? 0);
      last = last.then(async () => {
        // A timer counts from the beginning of the turn that it is set in, and so may be over early.
        while (due > performance.now()) await delay(due - performance.now());
        while (isHeld()) await healed.promise;
        if (!to.destroyed) step();
      });
    };
    from.on('data', (bytes) => {
      see(bytes);
      later(() => to.write(bytes));
    });
    from.on('end', () => later(() => to.end()));
    from.on('error', () => later(() => reset(to)));
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    counts.connections += 1;
    if (fault.mode === 'reset') {
      reset(client.on('error', () => {}));
      return;
    }
    const upstream = connect({
      host: target.host ?? '127.0.0.1',
      port: target.port,
      allowHalfOpen: true,
      noDelay: true,
    });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    upstreams.add(upstream);
    upstream.on('close', () => upstreams.delete(upstream));
    client.on('close', () => upstream.destroy());
    const read = tap.connection();
    const { hear, isHeld } = listenIn();
    pass(client, upstream, isHeld, (bytes) => {
      hear(bytes);
      read(bytes);
      if (!asking) roundTrips += 1;
      asking = true;
    });
    pass(upstream, client, isHeld, () => {
      asking = false;
    });
  });
  const listen = () => once(server.listen({ host: '127.0.0.1', port }), 'listening');
  await listen();

  return {
    port,
    counts,
    openConnections: () => upstreams.size,
    kill,
    async set(next) {
      fault = next;
      healed.resolve();
      healed = Promise.withResolvers();
      if (fault.mode === 'refuse') server.close();
      else if (!server.listening) await listen();
      if (fault.mode === 'reset') kill();
    },
    ldapOps: tap.ops,
    binds: tap.binds,
    roundTrips: () => roundTrips,
    resetCounts() {
      tap.reset();
      counts.connections = 0;
      roundTrips = 0;
      asking = false;
    },
    async [Symbol.asyncDispose]() {
      fault = {};
      healed.resolve();
      kill();
      if (server.listening) await new Promise((closed) => server.close(closed));
    },
  };
}

/** The kernel resets nothing that is being ended, and Node would then never close it. */
function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
