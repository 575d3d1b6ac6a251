import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type Application, type RequestHandler } from 'express';
import type { FetchApiKey } from '../auth/fetch-api-key.ts';
import type { VouchedSignIn } from '../auth/vouched-sign-in.ts';
import type { VerifyApiKey } from '../keys/verify-api-key.ts';
import type { AttemptCounter, Budget } from '../ports/attempt-counter.ts';
import type { Directory } from '../ports/directory.ts';
import type { RequestLog } from '../ports/log.ts';
import type { Exposition } from '../ports/metrics.ts';
import type { VerifyToken } from '../ports/token-verifier.ts';
import { type TrustPeer, warnOfUntrustedProxy } from './client-address.ts';
import { answerError, createErrorHandler } from './error-handler.ts';
import { type PageOptions, type PageParts, pageRoutes } from './pages/page-routes.ts';
import { createPasswordSignIn } from './password-sign-in.ts';
import { type AdmitAddress, type ClientKey, createAdmitAddress, createClientKey } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import { RequestError } from './request-error.ts';
import { loggablePath, logRequest } from './request-log.ts';
import { createRequireApiKey } from './require-api-key.ts';
import { devFetchApiKeyRoute } from './routes/dev-fetch-api-key.ts';
import { devListUsersRoute } from './routes/dev-list-users.ts';
import { createFetchApiKeyHandler, fetchApiKeyRoute, isFetchApiKeyRequest } from './routes/fetch-api-key.ts';
import { healthRoutes, type Readiness } from './routes/health.ts';
import { jwtFetchApiKeyRoute } from './routes/jwt-fetch-api-key.ts';
import { metricsRoute } from './routes/metrics.ts';
import { regenerateApiKeyRoute } from './routes/regenerate-api-key.ts';
import { type RealmDescription, serverSettingsRoute } from './routes/server-settings.ts';
import { usersMeRoute } from './routes/users-me.ts';
import { createVerifyHandler, isVerifyRequest, type VerifyOptions } from './routes/verify.ts';
import { CORS_HEADERS, type Headers, securityHeaders } from './security-headers.ts';

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
  readonly metrics: Exposition;
  readonly log: RequestLog;
}

/** How the endpoints behave. */
export interface AppOptions extends PageOptions, VerifyOptions {
  readonly realm: RealmDescription;
  /** CIDRs, addresses or `loopback`: the peers whose `X-Forwarded-For` is believed. */
  readonly trustProxy: readonly string[];
  readonly cors: boolean;
  readonly perAddress: Budget;
}

/** Join the endpoints: two of them ahead of Express, all others behind what every answer has in common. */
export function createApp(parts: AppParts, options: AppOptions): RequestListener {
  const { fetchApiKey, verifyApiKey, attempts, log } = parts;
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.set('trust proxy', [...options.trustProxy]);
  const trust: TrustPeer = app.get('trust proxy fn');

  const clientKey = createClientKey(trust);
  const admitAddress = createAdmitAddress(attempts, options.perAddress, log);
  const { requireEmail } = options.realm;
  const passwordSignIn = createPasswordSignIn({ fetchApiKey, clientKey, admitAddress, requireEmail });
  const answerFetch = createFetchApiKeyHandler(passwordSignIn);
  const answerVerify = createVerifyHandler({ verifyApiKey, clientKey, log }, options);

  const begin = everyAnswer(trust, log);
  const beginApi = withHeaders(new Map([...(options.cors ? CORS_HEADERS : []), ...LANGUAGE_HEADERS]));
  app.use(step(begin));
  app.use('/api', step(beginApi));
  app.use(step(readBody));
  app.use(fetchApiKeyRoute(answerFetch));
  addRoutes(app, { ...parts, clientKey, admitAddress, passwordSignIn }, options);
  app.use(notFound);
  app.use(createErrorHandler(log));

  const fetchAhead: RequestListener = (req, res) => {
    begin(req, res);
    beginApi(req, res);
    readBody(req)
      .then(() => answerFetch(req, res))
      .catch((failure: unknown) => answerError(res, failure, log));
  };
  return (req, res) => {
    if (isVerifyRequest(req)) answerVerify(req, res);
    else if (isFetchApiKeyRequest(req)) fetchAhead(req, res);
    else app(req, res);
  };
}

/** What the routes rest on, and how people come in by password. */
interface RouteParts extends AppParts, Pick<PageParts, 'passwordSignIn'> {
  readonly clientKey: ClientKey;
  readonly admitAddress: AdmitAddress;
}

/** One route for each endpoint that is Express's alone, in the order in which they are tried. */
function addRoutes(app: Application, parts: RouteParts, options: AppOptions): void {
  const { realm } = options;
  app.use(serverSettingsRoute(realm));
  const requireApiKey = createRequireApiKey(parts.verifyApiKey);
  app.use(usersMeRoute(requireApiKey));
  app.use(regenerateApiKeyRoute(requireApiKey, parts.regenerateApiKey));
  app.use(jwtFetchApiKeyRoute({ ...parts, signIn: parts.signInByEmail }));
  if (realm.development) app.use(devFetchApiKeyRoute(parts.signInByEmail));
  if (realm.development) app.use(devListUsersRoute(parts.directory, realm.publicUrl));
  app.use(healthRoutes(parts.readiness));
  app.use(metricsRoute(parts.metrics));
  app.use(pageRoutes({ ...parts, vouchedSignIn: parts.signInByName }, options));
}

/** One step of every answer, the same with Express and ahead of it. */
type Step = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

function step(take: Step): RequestHandler {
  return (req, res, next) => {
    const taken = take(req, res);
    if (taken === undefined) next();
    else taken.then(() => next(), next);
  };
}

/** What every request and every answer has in common. One step, since each costs Express more than what it does here. */
function everyAnswer(trust: TrustPeer, log: RequestLog): RequestListener {
  const warn = warnOfUntrustedProxy(trust, log);
  const setHeaders = withHeaders(securityHeaders());
  return (req, res) => {
    logRequest(req, res, loggablePath(req.url ?? ''), log.request);
    warn(req);
    setHeaders(req, res);
  };
}

/** Zulip says which language its messages are in. There is one here. */
const LANGUAGE_HEADERS: Headers = new Map([
  ['Content-Language', 'en'],
  ['Vary', 'Accept-Language'],
]);

function withHeaders(headers: Headers): RequestListener {
  return (_req, res) => {
    for (const [name, value] of headers) res.setHeader(name, value);
  };
}

const notFound: RequestHandler = () => {
  throw new RequestError(404, 'Not found', 'NOT_FOUND');
};
