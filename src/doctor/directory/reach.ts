import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Dial } from '../../adapters/ldap/connection/dial.ts';
import type { Endpoint } from '../../adapters/ldap/connection/endpoint.ts';
import { type ResolveName, resolveHost } from '../../adapters/ldap/connection/resolve-host.ts';
import { certificateOf, DAYS_TO_RENEW, describeCertificate, lookAtCertificate } from '../certificate.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';
import { tlsFix } from './tls-fix.ts';

/** Look a server's addresses up. */
export async function lookAtName(
  { host }: Endpoint,
  timeoutMs: number,
  resolveName: ResolveName,
): Promise<Look<readonly string[]>> {
  try {
    const addresses = await resolveHost(host, timeoutMs, resolveName);
    if (addresses.length > 0) return { status: 'ok', seen: addresses.join(', '), value: addresses };
    return unresolved(host, 'no address');
  } catch (failure) {
    return unresolved(host, reasonOf(failure));
  }
}

function unresolved(host: string, why: string): Look<never> {
  return {
    status: 'failed',
    seen: `${host}: ${why}`,
    fix: `urls (LDAP_URL): a host that this machine can resolve; ${host} is none`,
  };
}

/** Connect to each address; gives those that answer. */
export async function lookAtPorts(
  dial: Dial,
  endpoint: Endpoint,
  addresses: readonly string[],
): Promise<Look<readonly string[]>> {
  const answers = await Promise.all(
    addresses.map(async (address) => {
      try {
        (await dial({ ...endpoint, host: address, security: 'none' }, 'person')).destroy();
        return { address, seen: `${address} port ${endpoint.port} answers` };
      } catch (failure) {
        return { address: undefined, seen: reasonOf(failure) };
      }
    }),
  );
  const value = answers.flatMap(({ address }) => (address === undefined ? [] : [address]));
  const seen = answers.map((one) => one.seen).join('; ');
  const fix = `urls (LDAP_URL): host and port where the directory listens (636 for ldaps://, 389 for ldap://), and a firewall that lets this machine there`;
  if (value.length === 0) return { status: 'failed', seen, fix };
  return value.length === addresses.length
    ? { status: 'ok', seen, value }
    : { status: 'warning', seen, value, fix: `every sign-in may try the dead address first; ${fix}` };
}

/** Open a connection that is ready for LDAP at each address; gives that of the first. The caller closes it. */
export async function lookAtTls(
  dial: Dial,
  endpoint: Endpoint,
  addresses: readonly string[],
  timeoutMs: number,
): Promise<Look<Socket>> {
  const opened: Socket[] = [];
  const failures: Look<never>[] = [];
  for (const address of addresses) {
    try {
      opened.push(await dial({ ...endpoint, host: address }, 'service'));
    } catch (failure) {
      const shown = await lookAtCertificate(dial, { ...endpoint, host: address }, timeoutMs);
      const what = shown === undefined ? '' : ` (${describeCertificate(shown)})`;
      failures.push({
        status: 'failed',
        seen: `${address}: ${reasonOf(failure)}${what}`,
        fix: tlsFix(failure, endpoint, shown),
      });
    }
  }
  const [socket, ...others] = opened;
  for (const other of others) other.destroy();
  const [failed] = failures;
  if (!socket) return failed ?? { status: 'skipped', seen: 'no address' };
  if (failed && 'fix' in failed) return { ...failed, status: 'warning', value: socket };
  return protectionOf(socket, endpoint);
}

function protectionOf(socket: Socket, endpoint: Endpoint): Look<Socket> {
  const certificate = certificateOf(socket);
  if (!(socket instanceof TLSSocket) || !certificate) return inClear(socket, endpoint);
  const seen = `${socket.getProtocol()}; ${describeCertificate(certificate)}; good for ${endpoint.certificateName}`;
  return certificate.daysLeft < DAYS_TO_RENEW
    ? { status: 'warning', seen, value: socket, fix: `renew the certificate on ${endpoint.host}` }
    : { status: 'ok', seen, value: socket };
}

function inClear(socket: Socket, { host }: Endpoint): Look<Socket> {
  const isHere = socket.localAddress === socket.remoteAddress;
  return isHere
    ? { status: 'ok', seen: 'in clear, to this machine itself', value: socket }
    : {
        status: 'warning',
        seen: 'in clear: passwords can be read on their way (allowPlaintext)',
        value: socket,
        fix: `startTls (LDAP_STARTTLS=true), or urls (LDAP_URL): ldaps://${host}`,
      };
}
