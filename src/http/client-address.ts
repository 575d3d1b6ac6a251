import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Log } from '../ports/log.ts';

/** Whether the forwarding headers of an address are believed; `hop` 0 is the peer itself. */
export type TrustPeer = (address: string, hop: number) => boolean;

/**
 * Say once that a forwarding header came from a peer whose headers are not believed: behind a gateway that
 * TRUST_PROXY does not name, everyone shares one client address and its budget.
 */
export function warnOfUntrustedProxy(trust: TrustPeer, log: Log): (req: IncomingMessage) => void {
  let warned = false;
  return (req) => {
    if (warned) return;
    const isForwarded = req.headers['x-forwarded-for'] !== undefined || req.headers.forwarded !== undefined;
    if (!isForwarded) return;
    const peer = req.socket.remoteAddress ?? '';
    if (trust(peer, 0)) return;
    warned = true;
    log.warn(
      { peer },
      'a forwarding header is ignored: name the gateway in TRUST_PROXY, or everyone is one address',
    );
  };
}

/**
 * The address of the client: the nearest that is not trusted, by the forwarding headers of those that are, or the
 * farthest there is. Some gateways put the port behind it, which would make every connection a client of its own.
 * `unknown`: there is no address to be read.
 */
export function clientAddress({ socket, headers }: IncomingMessage, trust: TrustPeer): string {
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join().split(',');
  const addresses = forwarded.map((one) => one.trim()).filter((one) => one !== '');
  const hops = [socket.remoteAddress ?? '', ...addresses.reverse()];
  const address = hops.find((one, hop) => !trust(one, hop)) ?? hops.at(-1) ?? '';
  const [, bare = address] = /^\[?(.+?)\]?:\d+$/.exec(isIP(address) ? '' : address) ?? [];
  return isIP(bare) ? bare : 'unknown';
}
