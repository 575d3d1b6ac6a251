import { isIP, type Socket } from 'node:net';
import { connect, type PeerCertificate, TLSSocket } from 'node:tls';
import { withinDeadline } from '../adapters/ldap/connection/deadline.ts';
import type { Dial } from '../adapters/ldap/connection/dial.ts';
import type { Endpoint } from '../adapters/ldap/connection/endpoint.ts';
import { requestStartTls } from '../adapters/ldap/connection/start-tls.ts';

/** What a server's certificate says of itself. */
export interface Certificate {
  readonly subject: string;
  /** Who signed it, and who signed that, as far as the server shows. */
  readonly issuers: readonly string[];
  /** The names that it is for: DNS names and addresses; a common name counts for nothing. */
  readonly names: readonly string[];
  /** Whole days until it expires; negative once it has. */
  readonly daysLeft: number;
}

/** Below so many days a certificate is to be renewed now. */
export const DAYS_TO_RENEW = 30;

const DAY_MS = 86_400_000;

/** What is read from a certificate that a TLS peer has shown; `undefined` where it has shown none. */
function readCertificate(socket: TLSSocket): Certificate | undefined {
  const shown = socket.getPeerCertificate(true);
  if (!shown?.valid_to) return undefined;
  const alternative = [...(shown.subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)];
  const names = alternative.flatMap(([, name]) => (name === undefined ? [] : [name]));
  return {
    subject: nameOf(shown.subject),
    issuers: issuersOf(shown),
    names,
    daysLeft: Math.floor((Date.parse(shown.valid_to) - Date.now()) / DAY_MS),
  };
}

/**
 * Take a certificate from a server without believing it, to say what is wrong with it: a handshake, and nothing
 * is sent through it.
 * @returns `undefined` where the server shows none
 */
export async function lookAtCertificate(
  dial: Dial,
  endpoint: Endpoint,
  timeoutMs: number,
): Promise<Certificate | undefined> {
  let socket: Socket | undefined;
  try {
    const plain = await dial({ ...endpoint, security: 'none' }, 'person');
    socket = plain;
    if (endpoint.security === 'starttls') {
      await withinDeadline('StartTLS', 'tls', timeoutMs, plain, () => requestStartTls(plain));
    }
    return await withinDeadline('TLS', 'tls', timeoutMs, plain, () =>
      handshake(plain, endpoint.certificateName),
    );
  } catch {
    return undefined;
  } finally {
    socket?.destroy();
  }
}

function handshake(plain: Socket, name: string): Promise<Certificate | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Certificate | undefined>();
  // Some servers choose their certificate by the name that is asked for; addresses are none (RFC 6066, 3).
  const servername = isIP(name) ? '' : name;
  const secured = connect({ socket: plain, servername, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
  secured.once('secureConnect', () => resolve(readCertificate(secured)));
  secured.on('error', reject).once('close', () => resolve(undefined));
  return promise.finally(() => secured.destroy());
}

/** The certificate of a socket that TLS protects; `undefined` of one in clear. */
export function certificateOf(socket: Socket): Certificate | undefined {
  return socket instanceof TLSSocket ? readCertificate(socket) : undefined;
}

/** What a certificate says, in one line. */
export function describeCertificate({ subject, issuers, names, daysLeft }: Certificate): string {
  const days = daysLeft < 0 ? `expired ${-daysLeft} days ago` : `${daysLeft} days left`;
  return `${[subject, ...issuers].join(' ← ')}; for ${names.join(', ') || 'no host'}; ${days}`;
}

function issuersOf(shown: PeerCertificate): string[] {
  const issuers: string[] = [];
  let one = shown as PeerCertificate & { issuerCertificate?: PeerCertificate };
  // A root is its own issuer.
  for (let depth = 0; depth < 6; depth++) {
    issuers.push(nameOf(one.issuer));
    const next = one.issuerCertificate as typeof one | undefined;
    if (!next?.fingerprint256 || next.fingerprint256 === one.fingerprint256) break;
    one = next;
    if (nameOf(one.issuer) === nameOf(one.subject)) break;
  }
  return issuers;
}

function nameOf(name: PeerCertificate['subject'] | undefined): string {
  const { CN, O } = name ?? {};
  const parts = [CN === undefined ? undefined : `CN=${CN}`, O === undefined ? undefined : `O=${O}`];
  return parts.filter((part) => part !== undefined).join(', ') || '(no name)';
}
