import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** As Zulip's nginx sends it: six months. */
const HSTS_SECONDS = 15_768_000;

/** The headers that keep a browser from doing more with an answer than show it. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: { maxAge: HSTS_SECONDS, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
    // Zulip's web clients call the API from other origins.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
}

/** The CORS headers that Zulip's nginx puts on everything under /api/, whatever the status (contract 1.7). */
export function corsHeaders(): RequestHandler {
  return (_req, res, next) => {
    res.setHeader('Access-Control-Allow-Origin', '*');
    res.setHeader('Access-Control-Allow-Headers', 'Authorization');
    res.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE, PUT, PATCH, HEAD');
    next();
  };
}
