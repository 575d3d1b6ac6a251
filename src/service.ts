import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createAuthenticate } from './auth/authenticate.ts';
import { createFetchApiKey } from './auth/fetch-api-key.ts';
import { createThrottle } from './auth/throttle.ts';
import type { Config } from './config/config.ts';
import { createApp } from './http/app.ts';
import { recogniseApiKey } from './keys/api-key.ts';
import { createCanonicalName } from './keys/canonical-name.ts';
import { createIssueApiKey } from './keys/issue-api-key.ts';
import { createSecretRing } from './keys/secret-ring.ts';
import { createVerifyApiKey } from './keys/verify-api-key.ts';
import { openDirectory } from './open-directory.ts';
import { openStore } from './open-store.ts';
import type { Budget } from './ports/attempt-counter.ts';
import type { Log } from './ports/log.ts';

/** The service, joined and ready to be listened to. Disposing it closes its connections. */
export interface Service extends AsyncDisposable {
  readonly listener: RequestListener;
  /** From here on `/readyz` says that the service is on its way out. */
  readonly beginStop: () => void;
}

/** How long `/readyz` waits for a part, in milliseconds: less than the second that a prober commonly gives it. */
const READINESS_WAIT_MS = 400;

/**
 * Join the parts. Nothing is connected yet, so that the service starts while Redis or the directory is away.
 * @throws {Error} where a setting that only its adapter can judge is unusable, such as a user filter
 */
export function createService(config: Config, log: Log): Service {
  const directorySettings = config.directories.find((one) => one.kind === 'ldap');
  if (!directorySettings) throw new Error('a service needs a directory');
  const directory = openDirectory(directorySettings);
  const store = openStore(config, log);
  const ring = createSecretRing(config.secret);
  const canonical = createCanonicalName(directorySettings.emailDomain ? [directorySettings.emailDomain] : []);
  const perUsername = budget(config.limits.perUsername);

  const authenticate = createAuthenticate({
    directory,
    throttle: createThrottle(store.attempts, perUsername),
    accounts: store.accounts,
    canonical,
    digestName: (name) => ring.current.hmac('name', name).toString('base64url'),
    isApiKey: (text) => recogniseApiKey(ring, text) !== undefined,
    log,
  });
  const issueApiKey = createIssueApiKey({
    ring,
    accounts: store.accounts,
    canonical,
    now: Date.now,
    randomBytes,
  });
  const verifyApiKey = createVerifyApiKey({ ring, accounts: store.accounts, canonical });

  let stopping = false;
  const listener = createApp(
    {
      fetchApiKey: createFetchApiKey(authenticate, issueApiKey),
      verifyApiKey,
      attempts: store.attempts,
      readiness: {
        store: () => answersSoon(store.accounts),
        directory: () => answersSoon(directory),
        isStopping: () => stopping,
      },
      log,
    },
    {
      realm: {
        ...config.realm,
        ...config.zulip,
        requireEmail: config.requireEmailFormatUsernames,
      },
      trustProxy: config.http.trustProxy,
      cors: config.http.cors,
      perUsername,
      perAddress: budget(config.limits.perAddress),
    },
  );
  return {
    listener,
    beginStop: () => {
      stopping = true;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([directory[Symbol.asyncDispose](), store[Symbol.asyncDispose]()]);
    },
  };
}

function budget({ attempts, window }: { attempts: number; window: number }): Budget {
  return { attempts, windowMs: window };
}

async function answersSoon(part: { ping(): Promise<void> }): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), READINESS_WAIT_MS);
  const answered = part.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, tooLate]).finally(() => clearTimeout(timer));
}
