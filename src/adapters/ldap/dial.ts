import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { createSecureContext, getCACertificates, type SecureContext, connect as tlsConnect } from 'node:tls';
import { Unavailable } from '../../errors.ts';
import { withinDeadline } from './deadline.ts';
import { type Endpoint, readEndpoint } from './endpoint.ts';
import { requestStartTls } from './start-tls.ts';

/** Where to connect, and how far to trust what answers; durations in milliseconds. */
export interface DialOptions {
  /** `ldap://` and `ldaps://` URLs, tried in order. */
  readonly urls: readonly string[];
  /** Whether `ldap://` URLs are upgraded by StartTLS before anything else is sent. */
  readonly startTls: boolean;
  /** PEM of the CAs that the server's certificate must lead to; `undefined`: the system's. */
  readonly ca: string | undefined;
  /** Name that the certificate must carry; `undefined`: the URL's host. */
  readonly tlsServerName: string | undefined;
  readonly resolveTimeoutMs: number;
  /** For each address of a name that has several. */
  readonly connectTimeoutMs: number;
  /** For StartTLS and for the TLS handshake, each. */
  readonly tlsTimeoutMs: number;
}

/** After so long without traffic a peer that has silently gone is asked for: firewalls forget idle connections. */
const KEEP_ALIVE_MS = 60_000;

/** Gives every address of a host name, the preferred one first. */
export type ResolveName = (host: string) => Promise<readonly string[]>;

/** Opens a socket that is ready for LDAP: connected, and protected as the settings demand. Throws `Unavailable`. */
export type Dial = () => Promise<Socket>;

/**
 * Make a dialer. It owns the socket until LDAP begins, so that each step has a deadline of its own and no
 * step can fall back to clear text.
 * @param resolveName instead of the system's resolver
 * @throws {Error} where the CA certificates cannot be read or a URL is none
 */
export function createDial(options: DialOptions, resolveName: ResolveName = resolveBySystem): Dial {
  const endpoints = options.urls.map((url) => readEndpoint(url, options.startTls));
  if (options.ca !== undefined) checkCertificates(options.ca);
  const context = createSecureContext({ ca: options.ca ?? systemCas(), minVersion: 'TLSv1.2' });
  return async () => {
    const failures: unknown[] = [];
    for (const endpoint of endpoints) {
      try {
        return await dialEndpoint(endpoint, context, options, resolveName);
      } catch (failure) {
        failures.push(failure);
      }
    }
    throw new Unavailable('directory', 'no server of the directory could be reached', oneOf(failures));
  };
}

async function dialEndpoint(
  endpoint: Endpoint,
  context: SecureContext,
  options: DialOptions,
  resolveName: ResolveName,
): Promise<Socket> {
  const failures: unknown[] = [];
  for (const address of await resolve(endpoint.host, options.resolveTimeoutMs, resolveName)) {
    try {
      const socket = await openTcp(address, endpoint.port, options.connectTimeoutMs);
      return await protect(socket, endpoint, context, options);
    } catch (failure) {
      failures.push(failure);
    }
  }
  throw oneOf(failures);
}

async function resolve(host: string, ms: number, resolveName: ResolveName): Promise<readonly string[]> {
  if (isIP(host)) return [host];
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer for ${host} within ${ms} ms`)), ms);
  return Promise.race([resolveName(host), timedOut]).finally(() => clearTimeout(timer));
}

async function resolveBySystem(host: string): Promise<string[]> {
  const addresses = await lookup(host, { all: true });
  return addresses.map(({ address }) => address);
}

function openTcp(host: string, port: number, ms: number): Promise<Socket> {
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  return withinDeadline(`connecting to ${host} port ${port}`, ms, socket, async () => {
    await event(socket, 'connect');
    return socket;
  });
}

async function protect(
  socket: Socket,
  { host, security }: Endpoint,
  context: SecureContext,
  options: DialOptions,
): Promise<Socket> {
  if (security === 'none') return socket;
  const { tlsTimeoutMs: ms, tlsServerName: name = host } = options;
  if (security === 'starttls') {
    await withinDeadline(`StartTLS with ${host}`, ms, socket, () => requestStartTls(socket));
  }
  // `host` is what the certificate is checked against, an IP literal included; SNI takes names only (RFC 6066, 3).
  const servername = isIP(name) ? '' : name;
  const secured = tlsConnect({
    socket,
    host: name,
    servername,
    secureContext: context,
    minVersion: 'TLSv1.2',
  });
  return withinDeadline(`TLS with ${host}`, ms, secured, async () => {
    await event(secured, 'secureConnect');
    return secured;
  });
}

/** Resolves at the event; rejects where the socket fails or closes first. */
function event(socket: Socket, name: 'connect' | 'secureConnect'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = () => reject(new Error('the server closed the connection'));
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

function systemCas(): string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? system : getCACertificates('bundled');
}

function oneOf(failures: unknown[]): unknown {
  return failures.length === 1 ? failures[0] : new AggregateError(failures, 'every server or address failed');
}
