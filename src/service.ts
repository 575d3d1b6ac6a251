import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createVerifyToken } from './adapters/jose/verify-token.ts';
import { createMetrics } from './adapters/observe/metrics.ts';
import type { Config } from './config/config.ts';
import { ANY_AUDIENCE } from './config/sign-in-schema.ts';
import { createApp } from './http/app.ts';
import { createRemoteUser } from './http/remote-user.ts';
import type { RealmDescription } from './http/routes/server-settings.ts';
import type { GatewayTrust } from './http/vouched-name.ts';
import { keyTimes } from './key-settings.ts';
import { registerAtStart } from './keys/register-at-start.ts';
import { createRingGuard } from './keys/ring-guard.ts';
import { createSecretRing } from './keys/secret-ring.ts';
import { type WatchingParts, watchDirectory } from './keys/watch-directory.ts';
import { type OpenDirectories, openDirectories } from './open-directory.ts';
import { openStore } from './open-store.ts';
import type { RequestLog } from './ports/log.ts';
import type { VerifyToken } from './ports/token-verifier.ts';
import { addressBudget, canonicalName, personBudget } from './sign-in-settings.ts';
import { createUseCases } from './use-cases.ts';
import { withinTime } from './within-time.ts';

/** The service, joined and ready to be listened to. Disposing it closes its connections. */
export interface Service extends AsyncDisposable {
  readonly listener: RequestListener;
  /** From here on `/readyz` says that the service is on its way out. */
  readonly beginStop: () => void;
}

/** How long `/readyz` and `/metrics` wait for a part, in milliseconds: less than the second that a prober commonly gives it. */
const READINESS_WAIT_MS = 400;

/**
 * Join the parts. Nothing is connected yet, so that the service starts while Redis or the directory is away.
 * @throws {Error} where a setting that only its adapter can judge is unusable, such as a user filter
 */
export function createService(config: Config, log: RequestLog): Service {
  const directories = openDirectories(config.directories, log);
  const { directory } = directories;
  const store = openStore(config, log);
  const ring = createSecretRing(config.secret);
  const elapsed = () => performance.now();
  const ringGuard = createRingGuard({ ring, secrets: store.secrets, log, elapsed });
  const metrics = createMetrics(
    { directory, brake: store.brake, waitMs: READINESS_WAIT_MS },
    config.directories.map(({ id }) => id),
  );
  const useCases = createUseCases({
    ...store,
    ...{ directory, randomBytes, log, counts: metrics.counts },
    perUsername: personBudget(config),
    signInWithinMs: config.signInWithin,
    requireEmail: config.requireEmailFormatUsernames,
    now: Date.now,
    ...{ ring, ringGuard, elapsed },
    canonical: canonicalName(config),
    ...keyTimes(config),
    allowSharedEmails: config.allowSharedEmails,
  });

  let stopping = false;
  const readiness = {
    store: () => answersSoon(store.accounts),
    directory: () => answersSoon(directory),
    secrets: () => soon(ringGuard.isAccepted()).catch(() => undefined),
    warnings: () => soon(store.warnings()).catch(() => undefined),
    isStopping: () => stopping,
  };
  const verifyToken = openTokens(config);
  const { attempts } = store;
  const listener = createApp(
    { ...useCases, verifyToken, directory, attempts, readiness, metrics, randomBytes, log },
    {
      realm: describeRealm(config),
      trustProxy: config.http.trustProxy,
      cors: config.http.cors,
      perAddress: addressBudget(config),
      passwordResetUrl: config.passwordResetUrl,
      sso: gatewayTrust(config),
      remoteUser: createRemoteUser(new Map(config.directories.map((one) => [one.id, one.remoteUser]))),
    },
  );
  const watching = watchDirectories({ ...directories, ...store, ...useCases, log }, config.keys.watchEvery);
  const ending = new AbortController();
  void registerAtStart(ringGuard, ending.signal);
  return {
    listener,
    beginStop: () => {
      stopping = true;
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await watching[Symbol.asyncDispose]();
      await Promise.all([directories[Symbol.asyncDispose](), store[Symbol.asyncDispose]()]);
    },
  };
}

/** Watch every directory that can be, for as long as the service runs. @param everyMs between two looks, in milliseconds */
function watchDirectories(
  { watches, ...parts }: Pick<OpenDirectories, 'watches'> & Omit<WatchingParts, 'watch' | 'holder'>,
  everyMs: number,
): AsyncDisposable {
  const watching = new AsyncDisposableStack();
  const holder = randomBytes(16).toString('hex');
  for (const watch of watches) watching.use(watchDirectory({ ...parts, watch, holder }, everyMs));
  return { [Symbol.asyncDispose]: () => watching.disposeAsync() };
}

function describeRealm(config: Config): RealmDescription {
  return {
    ...config.realm,
    ...config.zulip,
    requireEmail: config.requireEmailFormatUsernames,
    development: config.development,
    sso: gatewayTrust(config) !== undefined,
  };
}

/** `undefined` where no gateway is trusted. */
function gatewayTrust({ sso }: Config): GatewayTrust | undefined {
  const { trustedPeers, secretFile: secret, secretHeader, userHeader } = sso;
  return trustedPeers.length > 0 && secret ? { trustedPeers, secret, secretHeader, userHeader } : undefined;
}

/** `undefined` where tokens sign nobody in. */
function openTokens({ jwt }: Config): VerifyToken | undefined {
  if (jwt.keys.length === 0) return undefined;
  const keys = jwt.keys.map(({ key, keyFile, ...rest }) => ({ ...rest, key: key ?? keyFile }));
  const audience = jwt.audience === ANY_AUDIENCE ? undefined : jwt.audience;
  return createVerifyToken({ ...jwt, keys, audience, maxLifetimeMs: jwt.maxLifetime, now: Date.now });
}

async function answersSoon(part: { ping(): Promise<void> }): Promise<boolean> {
  return soon(part.ping()).then(
    () => true,
    () => false,
  );
}

function soon<T>(answer: Promise<T>): Promise<T> {
  return withinTime(answer, READINESS_WAIT_MS, () => new Error('no answer'));
}
