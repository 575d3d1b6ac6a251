import { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
  connect as tlsConnect,
} from 'node:tls';
import { ConnectionFailure } from './connection-failure.ts';
import { withinDeadline } from './deadline.ts';
import type { Endpoint } from './endpoint.ts';
import { type ResolveName, resolveBySystem, resolveHost } from './resolve-host.ts';
import { requestStartTls } from './start-tls.ts';

/** How far to trust what answers, and how long to wait for it; milliseconds. */
export interface DialOptions {
  /** PEM of the CAs that the server's certificate must lead to; `undefined`: the system's. */
  readonly ca: string | undefined;
  /** PEM of the certificate that the service account shows, and of its key; `undefined`: none. */
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  readonly resolveTimeoutMs: number;
  /** For each address of a name that has several. */
  readonly connectTimeoutMs: number;
  /** For StartTLS and for the TLS handshake, each. */
  readonly tlsTimeoutMs: number;
}

/** After so long without traffic a peer that has silently gone is asked for: firewalls forget idle connections. */
const KEEP_ALIVE_MS = 60_000;

/** Whose connection it is to be. Only the service account shows its certificate: no person's bind may become ours. */
export type DialledFor = 'service' | 'person';

/**
 * Opens a socket that is ready for LDAP: connected, and protected as the endpoint demands. An aborted `signal` ends
 * it at any time. Throws `ConnectionFailure`.
 */
export type Dial = (endpoint: Endpoint, dialledFor: DialledFor, signal?: AbortSignal) => Promise<Socket>;

/**
 * Make a dialer. It owns the socket until LDAP begins, so that each step has a deadline of its own and no
 * step can fall back to clear text.
 * @param resolveName instead of the system's resolver
 * @throws {Error} where the certificates or the key cannot be read
 */
export function createDial(options: DialOptions, resolveName: ResolveName = resolveBySystem): Dial {
  if (options.ca !== undefined) checkCertificates(options.ca);
  const contextFor = createContexts(options);
  return async (endpoint, dialledFor, signal) => {
    const failures: ConnectionFailure[] = [];
    for (const address of await resolveHost(endpoint.host, options.resolveTimeoutMs, resolveName)) {
      try {
        const socket = await openTcp(address, endpoint.port, options.connectTimeoutMs, signal);
        return await protect(socket, endpoint, () => contextFor(dialledFor), options);
      } catch (failure) {
        failures.push(failure as ConnectionFailure);
      }
    }
    const [first, second] = failures;
    if (first && !second) throw first;
    const all = new AggregateError(failures, 'every address failed');
    throw new ConnectionFailure(first?.kind ?? 'unresolved', `no address of ${endpoint.host} works`, all);
  };
}

function openTcp(host: string, port: number, ms: number, signal: AbortSignal | undefined): Promise<Socket> {
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  if (signal) endWith(socket, signal);
  return withinDeadline(`connecting to ${host} port ${port}`, 'unreachable', ms, socket, async () => {
    await event(socket, 'connect');
    return socket;
  });
}

/** As Node's own option `signal` does, whose listener would stay, and keep the socket, for as long as the signal lives. */
function endWith(socket: Socket, signal: AbortSignal): void {
  const end = () => socket.destroy(new Error('the dial was aborted', { cause: signal.reason }));
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  socket.once('close', () => signal.removeEventListener('abort', end));
}

async function protect(
  socket: Socket,
  { host, certificateName: name, security }: Endpoint,
  context: () => SecureContext,
  options: DialOptions,
): Promise<Socket> {
  if (security === 'none') return socket;
  const { tlsTimeoutMs: ms } = options;
  if (security === 'starttls') {
    await withinDeadline(`StartTLS with ${host}`, 'tls', ms, socket, () => requestStartTls(socket));
  }
  // `host` is what the certificate is checked against, an IP literal included; SNI takes names only (RFC 6066, 3).
  const servername = isIP(name) ? '' : name;
  const secured = tlsConnect({
    socket,
    host: name,
    servername,
    secureContext: context(),
    minVersion: 'TLSv1.2',
    checkServerIdentity: checkIdentity,
  });
  return withinDeadline(`TLS with ${host}`, 'tls', ms, secured, async () => {
    await event(secured, 'secureConnect');
    return secured;
  });
}

/** Node takes the common name for the host's where the certificate has no other; RFC 9525, 2 says that it is none. */
function checkIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  return checkServerIdentity(host, { ...certificate, subject: { ...certificate.subject, CN: '' } });
}

/** Resolves at the event; rejects where the socket fails or closes first. */
function event(socket: Socket, name: 'connect' | 'secureConnect'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = () => reject(new ConnectionFailure('disconnected', 'the server closed the connection'));
  socket.once(name, resolve).once('error', reject).once('close', onClose);
  return promise.finally(() => socket.off(name, resolve).off('error', reject).off('close', onClose));
}

/** Node passes over a certificate that it cannot read, and nothing would ever be trusted. */
function checkCertificates(pem: string): void {
  for (const [certificate] of pem.matchAll(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs)) {
    try {
      new X509Certificate(certificate);
    } catch (cause) {
      throw new Error('caFile (LDAP_CA_FILE): a certificate in it cannot be read', { cause });
    }
  }
}

/** Each is made when it is first needed: with the system's hundreds of CAs one takes 50 ms, and memory. */
function createContexts(options: DialOptions): (dialledFor: DialledFor) => SecureContext {
  const { ca, clientCert: cert, clientKey: key } = options;
  const own = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
  const made: Partial<Record<DialledFor, SecureContext>> = {};
  const contextFor = (dialledFor: DialledFor): SecureContext => {
    made[dialledFor] ??= createSecureContext({
      ca: ca ?? systemCas(),
      minVersion: 'TLSv1.2',
      ...(dialledFor === 'service' && own),
    });
    return made[dialledFor];
  };
  // What was given may be unusable, which is to be known before anything is dialled.
  if (ca !== undefined || cert !== undefined || key !== undefined) contextFor('service');
  return contextFor;
}

function systemCas(): string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? system : getCACertificates('bundled');
}
