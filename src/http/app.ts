import type { RequestListener } from 'node:http';
import express, { type RequestHandler } from 'express';
import type { FetchApiKey } from '../auth/fetch-api-key.ts';
import type { VouchedSignIn } from '../auth/vouched-sign-in.ts';
import type { VerifyApiKey } from '../keys/verify-api-key.ts';
import type { AttemptCounter, Budget } from '../ports/attempt-counter.ts';
import type { Directory } from '../ports/directory.ts';
import type { Log } from '../ports/log.ts';
import type { VerifyToken } from '../ports/token-verifier.ts';
import { warnOfUntrustedProxy } from './client-address.ts';
import { bodyTooLarge, createErrorHandler, RequestError } from './error-handler.ts';
import { type PageOptions, type PageParts, pageRoutes } from './pages/page-routes.ts';
import { createPasswordSignIn } from './password-sign-in.ts';
import { createAdmitAddress } from './rate-limit.ts';
import { loggablePath, logRequest } from './request-log.ts';
import { createRequireApiKey } from './require-api-key.ts';
import { devFetchApiKeyRoute } from './routes/dev-fetch-api-key.ts';
import { devListUsersRoute } from './routes/dev-list-users.ts';
import { fetchApiKeyRoute } from './routes/fetch-api-key.ts';
import { healthRoutes, type Readiness } from './routes/health.ts';
import { jwtFetchApiKeyRoute } from './routes/jwt-fetch-api-key.ts';
import { regenerateApiKeyRoute } from './routes/regenerate-api-key.ts';
import { type RealmDescription, serverSettingsRoute } from './routes/server-settings.ts';
import { usersMeRoute } from './routes/users-me.ts';
import { createVerifyHandler, isVerifyRequest } from './routes/verify.ts';
import { corsHeaders, securityHeaders } from './security-headers.ts';

/** What the endpoints rest on; `randomBytes` from the CSPRNG. */
export interface AppParts extends Omit<PageParts, 'passwordSignIn' | 'vouchedSignIn'> {
  readonly fetchApiKey: FetchApiKey;
  readonly verifyApiKey: VerifyApiKey;
  /** By the name that a gateway vouches for. */
  readonly signInByName: VouchedSignIn;
  /** By the email that a token vouches for. */
  readonly signInByEmail: VouchedSignIn;
  /** `undefined`: tokens sign nobody in. */
  readonly verifyToken: VerifyToken | undefined;
  readonly directory: Pick<Directory, 'list'>;
  readonly attempts: AttemptCounter;
  readonly readiness: Readiness;
}

/** How the endpoints behave. */
export interface AppOptions extends PageOptions {
  readonly realm: RealmDescription;
  /** CIDRs, addresses or `loopback`: the peers whose `X-Forwarded-For` is believed. */
  readonly trustProxy: readonly string[];
  readonly cors: boolean;
  readonly perUsername: Budget;
  readonly perAddress: Budget;
}

/** The largest body that is read, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** Join the endpoints: `/verify` ahead of everything, then what every answer has in common, then one route each. */
export function createApp(parts: AppParts, options: AppOptions): RequestListener {
  const { fetchApiKey, verifyApiKey, attempts, readiness, log } = parts;
  const { realm, perUsername, perAddress } = options;
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.set('trust proxy', [...options.trustProxy]);

  app.use(requestLog(log));
  app.use(warnOfUntrustedProxy(app, log));
  app.use(securityHeaders());
  if (options.cors) app.use('/api', corsHeaders());
  app.use('/api', language);
  app.use(refuseLargeBody);
  app.use(express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false }));

  const admitAddress = createAdmitAddress(attempts, perAddress, log);
  const { requireEmail } = realm;
  const passwordSignIn = createPasswordSignIn({ fetchApiKey, admitAddress, perUsername, requireEmail });
  app.use(fetchApiKeyRoute(passwordSignIn));
  app.use(serverSettingsRoute(realm));
  const requireApiKey = createRequireApiKey(verifyApiKey);
  app.use(usersMeRoute(requireApiKey));
  app.use(regenerateApiKeyRoute(requireApiKey, parts.regenerateApiKey));
  app.use(jwtFetchApiKeyRoute({ verifyToken: parts.verifyToken, signIn: parts.signInByEmail, admitAddress }));
  if (realm.development) app.use(devFetchApiKeyRoute(parts.signInByEmail));
  if (realm.development) app.use(devListUsersRoute(parts.directory, realm.publicUrl));
  app.use(healthRoutes(readiness));
  app.use(pageRoutes({ ...parts, passwordSignIn, vouchedSignIn: parts.signInByName }, options));
  app.use(notFound);
  app.use(createErrorHandler(log));

  const verify = createVerifyHandler(verifyApiKey, log);
  return (req, res) => (isVerifyRequest(req) ? verify(req, res) : app(req, res));
}

function requestLog(log: Log): RequestHandler {
  return (req, res, next) => {
    logRequest(req, res, loggablePath(req.originalUrl), log);
    next();
  };
}

/** Zulip says which language its messages are in. There is one here. */
const language: RequestHandler = (_req, res, next) => {
  res.setHeader('Content-Language', 'en');
  res.setHeader('Vary', 'Accept-Language');
  next();
};

/** Where the length is told ahead, the answer need not wait for the body, which Express would read to its end first. */
const refuseLargeBody: RequestHandler = (req, _res, next) => {
  if (Number(req.headers['content-length']) > MAX_BODY_BYTES) throw bodyTooLarge();
  next();
};

const notFound: RequestHandler = () => {
  throw new RequestError(404, 'Not found', 'NOT_FOUND');
};
