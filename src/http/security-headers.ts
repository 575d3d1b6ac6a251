import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** As Zulip's nginx sends it: six months. */
const HSTS_SECONDS = 15_768_000;

/** Headers by their names, in the order in which they stand in an answer. */
export type Headers = ReadonlyMap<string, string>;

/**
 * The headers that keep a browser from doing more with an answer than show it: helmet's. They are the same for every
 * answer, and helmet would take thirteen steps to each.
 */
export function securityHeaders(): Headers {
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: { maxAge: HSTS_SECONDS, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
    // Zulip's web clients call the API from other origins.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  const headers = new Map<string, string>();
  res.setHeader = (name, value) => {
    headers.set(name, String(value));
    return res;
  };
  setHeaders(req, res, (failure) => {
    if (failure !== undefined) throw failure;
  });
  return headers;
}

/** The CORS headers that Zulip's nginx puts on everything under /api/, whatever the status (contract 1.7). */
export const CORS_HEADERS: Headers = new Map([
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Headers', 'Authorization'],
  ['Access-Control-Allow-Methods', 'GET, POST, DELETE, PUT, PATCH, HEAD'],
]);
