import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import express from 'express';
import { createMemoryAccountStore } from '../../../src/adapters/memory/account-store.ts';
import { createMemoryAttemptCounter } from '../../../src/adapters/memory/attempt-counter.ts';
import { createMemoryDirectory, type MemoryDirectory } from '../../../src/adapters/memory/directory.ts';
import { createMemoryTicketStore } from '../../../src/adapters/memory/ticket-store.ts';
import { createAuthenticate } from '../../../src/auth/authenticate.ts';
import { createDesktopTokens } from '../../../src/auth/desktop-token.ts';
import { createFetchApiKey } from '../../../src/auth/fetch-api-key.ts';
import { createPageSessions } from '../../../src/auth/page-session.ts';
import { createThrottle } from '../../../src/auth/throttle.ts';
import { createSignInByName } from '../../../src/auth/vouched-sign-in.ts';
import { createErrorHandler, RequestError } from '../../../src/http/error-handler.ts';
import { type PageOptions, pageRoutes } from '../../../src/http/pages/page-routes.ts';
import { createAdmitAddress } from '../../../src/http/rate-limit.ts';
import { loggablePath, logRequest } from '../../../src/http/request-log.ts';
import { fetchApiKeyRoute } from '../../../src/http/routes/fetch-api-key.ts';
import { securityHeaders } from '../../../src/http/security-headers.ts';
import { deriveApiKey, recogniseApiKey } from '../../../src/keys/api-key.ts';
import { createCanonicalName } from '../../../src/keys/canonical-name.ts';
import { createIssueApiKey } from '../../../src/keys/issue-api-key.ts';
import { createRegenerateApiKey } from '../../../src/keys/regenerate-api-key.ts';
import { createSecretRing } from '../../../src/keys/secret-ring.ts';
import type { Account } from '../../../src/ports/account-store.ts';
import { type MemoryAppOptions, MINUTE_MS, person, START } from '../memory-app.ts';
import { createRecordedLog, type RecordedLog } from '../recorded-log.ts';
import { createSwitchedStore, type SwitchedStore } from '../switched-store.ts';

/** What differs from the pages that most tests want. */
export interface PageAppOptions
  extends Pick<MemoryAppOptions, 'people' | 'perAddress'>,
    Partial<Pick<PageOptions, 'passwordResetUrl' | 'sso'>> {
  readonly realm?: Partial<PageOptions['realm']>;
}

/** The pages on memory adapters, with what a test turns and reads. The clock stands still until it is advanced. */
export interface PageApp {
  readonly listener: RequestListener;
  readonly directory: MemoryDirectory;
  readonly store: SwitchedStore;
  readonly log: RecordedLog;
  readonly advance: (ms: number) => void;
  /** The key of hamlet, once he has an account. */
  readonly keyOf: (username: string) => Promise<string>;
  /** Give hamlet's account a new key as another replica would. */
  readonly regenerateElsewhere: (username: string) => Promise<void>;
}

/** Make the pages that `options` describe; without any, hamlet and ophelia are in the directory of an https realm. */
export function createPageApp(options: PageAppOptions = {}): PageApp {
  const { people = [person('hamlet'), person('ophelia')] } = options;
  let now = START;
  const clock = () => now;
  const log = createRecordedLog();
  const directory = createMemoryDirectory(people);
  const store = createSwitchedStore(createMemoryAccountStore(clock), createMemoryAttemptCounter(clock));
  const { accounts, attempts } = store;
  const tickets = createMemoryTicketStore(clock);
  const ring = createSecretRing([Buffer.alloc(32, 7)]);
  const canonical = createCanonicalName([]);
  const perUsername = { attempts: 5, windowMs: 30 * MINUTE_MS };
  const realm = {
    name: 'Denmark',
    publicUrl: 'https://chat.example.org',
    requireEmail: false,
    ...options.realm,
  };

  const authenticate = createAuthenticate({
    directory,
    throttle: createThrottle(attempts, perUsername),
    accounts,
    canonical,
    digestName: (name) => ring.current.hmac('name', name).toString('base64url'),
    isApiKey: (text) => recogniseApiKey(ring, text) !== undefined,
    log,
  });
  const minting = { ring, accounts, now: clock, randomBytes };
  const issueApiKey = createIssueApiKey({ ...minting, canonical });
  const fetchApiKey = createFetchApiKey(authenticate, issueApiKey);
  const regenerateApiKey = createRegenerateApiKey(minting);
  const currentKey = ({ id, key }: Account) => {
    const secret = ring.byId(key.secretId);
    return secret && deriveApiKey(secret, id, key.nonce);
  };
  const admitAddress = createAdmitAddress(
    attempts,
    options.perAddress ?? { attempts: 100, windowMs: MINUTE_MS },
    log,
  );
  const pages = pageRoutes(
    {
      fetchApiKey,
      vouchedSignIn: createSignInByName({ directory, accounts, issueApiKey }),
      admitAddress,
      sessions: createPageSessions({ tickets, accounts, ring, randomBytes }),
      desktopTokens: createDesktopTokens({ tickets, accounts, ring, randomBytes }),
      currentKey,
      regenerateApiKey,
      csrfDigest: (value) => ring.current.hmac('csrf', value).toString('base64url'),
      randomBytes,
      log,
    },
    { realm, perUsername, passwordResetUrl: options.passwordResetUrl, sso: options.sso },
  );

  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.use((req, res, next) => {
    logRequest(req, res, loggablePath(req.originalUrl), log);
    next();
  });
  app.use(securityHeaders());
  app.use(express.raw({ type: () => true, limit: 64 * 1024, inflate: false }));
  app.use(fetchApiKeyRoute({ fetchApiKey, admitAddress, perUsername, requireEmail: realm.requireEmail }));
  app.use(pages);
  app.use(() => {
    throw new RequestError(404, 'Not found', 'NOT_FOUND');
  });
  app.use(createErrorHandler(log));

  const accountOf = async (username: string): Promise<Account> => {
    const id = await accounts.findId('default', `id-of-${username}`);
    const account = id === undefined ? undefined : await accounts.read(id);
    if (!account) throw new Error(`${username} has no account`);
    return account;
  };
  return {
    listener: app,
    directory,
    store,
    log,
    advance: (ms) => {
      now += ms;
    },
    keyOf: async (username) => currentKey(await accountOf(username)) ?? '',
    regenerateElsewhere: async (username) => {
      await regenerateApiKey(await accountOf(username));
    },
  };
}
