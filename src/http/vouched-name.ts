import { BlockList, isIP } from 'node:net';
import type { Request } from 'express';
import { isSameText } from './same-text.ts';

/** Whom to believe about who is signed in. */
export interface GatewayTrust {
  /** CIDRs, addresses or `loopback`: the peers, by their sockets, that may vouch for a person. */
  readonly trustedPeers: readonly string[];
  /** What the gateway adds to its requests. */
  readonly secret: string;
  /** Names of headers in lower case. */
  readonly secretHeader: string;
  readonly userHeader: string;
}

/** The username that a trusted gateway vouches for; `undefined`: the request says nothing that may be believed. */
export type ReadVouchedName = (req: Request) => string | undefined;

/**
 * Believe a header only beside the secret, on a socket of a trusted peer: what `X-Forwarded-For` says counts
 * for nothing, and a header that is there twice may have been the client's once.
 */
export function createReadVouchedName(trust: GatewayTrust): ReadVouchedName {
  const isTrustedPeer = createPeerTest(trust.trustedPeers);
  return (req) => {
    const secret = onlyValue(req, trust.secretHeader);
    if (secret === undefined || !isTrustedPeer(req.socket.remoteAddress ?? '')) return undefined;
    if (!isSameText(secret, trust.secret)) return undefined;
    return onlyValue(req, trust.userHeader);
  };
}

/** Node reads header bytes as Latin-1; what gateways send is UTF-8. */
function onlyValue({ headersDistinct }: Request, header: string): string | undefined {
  const [value = '', ...more] = headersDistinct[header] ?? [];
  const bytes = Buffer.from(value, 'latin1');
  const text = bytes.toString();
  return more.length === 0 && text.trim() !== '' && Buffer.from(text).equals(bytes) ? text : undefined;
}

/** Makes the test whether an address is one of these CIDRs, addresses or `loopback`. */
export function createPeerTest(peers: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  const cidrs = peers.flatMap((peer) => (peer === 'loopback' ? ['127.0.0.0/8', '::1/128'] : [peer]));
  for (const cidr of cidrs) {
    const [network = '', bits] = cidr.split('/');
    const family = familyOf(network);
    list.addSubnet(network, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
  }
  return (peer) => {
    // A link-local address names its interface behind a %.
    const [address = ''] = peer.split('%', 1);
    return isIP(address) > 0 && list.check(address, familyOf(address));
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
