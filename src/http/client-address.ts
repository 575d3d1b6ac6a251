import { isIP } from 'node:net';
import type { Application, Request, RequestHandler } from 'express';
import type { Log } from '../ports/log.ts';

/**
 * Say once that a forwarding header came from a peer whose headers are not believed: behind a gateway that
 * TRUST_PROXY does not name, everyone shares one client address and its budget.
 */
export function warnOfUntrustedProxy(app: Application, log: Log): RequestHandler {
  let warned = false;
  return (req, _res, next) => {
    const peer = req.socket.remoteAddress ?? '';
    const isForwarded = req.headers['x-forwarded-for'] !== undefined || req.headers.forwarded !== undefined;
    if (!warned && isForwarded && !app.get('trust proxy fn')(peer, 0)) {
      warned = true;
      log.warn(
        { peer },
        'a forwarding header is ignored: name the gateway in TRUST_PROXY, or everyone is one address',
      );
    }
    next();
  };
}

/**
 * The address of the client, by the forwarding headers of trusted peers. Some gateways put the port behind
 * it, which would make every connection a client of its own. `unknown`: there is no address to be read.
 */
export function clientAddress({ ip = '' }: Request): string {
  const [, bare = ip] = /^\[?(.+?)\]?:\d+$/.exec(isIP(ip) ? '' : ip) ?? [];
  return isIP(bare) ? bare : 'unknown';
}
