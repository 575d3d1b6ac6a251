import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import request, { type Test } from 'supertest';
import { createMemoryAccountStore } from '../../src/adapters/memory/account-store.ts';
import { createMemoryAttemptCounter } from '../../src/adapters/memory/attempt-counter.ts';
import {
  createMemoryDirectory,
  type MemoryDirectory,
  type MemoryPerson,
} from '../../src/adapters/memory/directory.ts';
import { createMemoryLeaverBrake } from '../../src/adapters/memory/leaver-brake.ts';
import { createMemorySecretRegistry } from '../../src/adapters/memory/secret-registry.ts';
import { createMemoryTicketStore } from '../../src/adapters/memory/ticket-store.ts';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { type AdmitAddress, createAdmitAddress } from '../../src/http/rate-limit.ts';
import { createRemoteUser } from '../../src/http/remote-user.ts';
import type { RealmDescription } from '../../src/http/routes/server-settings.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createIssueApiKey, type IssueApiKey, type IssuingParts } from '../../src/keys/issue-api-key.ts';
import { createReadKept, type ReadKept } from '../../src/keys/kept-account.ts';
import { createRingGuard } from '../../src/keys/ring-guard.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import type { VerifyApiKey } from '../../src/keys/verify-api-key.ts';
import type { Budget } from '../../src/ports/attempt-counter.ts';
import type { Directory } from '../../src/ports/directory.ts';
import type { SecretRegistry } from '../../src/ports/secret-registry.ts';
import { createUseCases } from '../../src/use-cases.ts';
import { createRecordedLog, type RecordedLog } from './recorded-log.ts';
import { createSwitchedStore, type SwitchedStore } from './switched-store.ts';

export const FETCH_API_KEY = '/api/v1/fetch_api_key';
export const PASSWORD = 'to be, or not to be';
export const MINUTE_MS = 60_000;

/** What differs from the app that most tests want. */
export interface MemoryAppOptions extends Omit<Partial<AppOptions>, 'realm'> {
  readonly realm?: Partial<RealmDescription>;
  readonly perUsername?: Budget;
  readonly maxAgeMs?: number;
  readonly allowSharedEmails?: boolean;
  readonly people?: readonly MemoryPerson[];
  /** What is dangerous about its store; `undefined`: nobody can say. */
  readonly warnings?: readonly string[];
  /** Domains under which `login@domain` and `login` are one name. */
  readonly emailDomains?: readonly string[];
  /** Stands between the app and its directory. */
  readonly wrap?: (directory: Directory) => Directory;
}

/** The app on memory adapters, with what a test turns and reads. Its clock stands still until it is advanced. */
export interface MemoryApp {
  readonly listener: RequestListener;
  readonly directory: MemoryDirectory;
  readonly store: SwitchedStore;
  /** Which secret is registered. */
  readonly secrets: SecretRegistry;
  readonly log: RecordedLog;
  readonly advance: (ms: number) => void;
  /** What the app's routes rest on, for routes that are tried beside it: the same accounts, keys and budgets. */
  readonly parts: IssuingParts & {
    readonly issueApiKey: IssueApiKey;
    readonly readKept: ReadKept;
    readonly verifyApiKey: VerifyApiKey;
    readonly admitAddress: AdmitAddress;
  };
}

/** When the clock of every app begins: an account made then has this id and date. */
export const START = Date.parse('2026-03-04T05:06:07.890Z');
export const FIRST_ID = (Date.parse('2026-03-04T05:06:07Z') - Date.parse('2026-01-01T00:00:00Z')) / 1000;

/** Someone with a login name, the email `username@example.org` and `PASSWORD`. */
export function person(
  username: string,
  principal: Partial<MemoryPerson['principal']> = {},
  state?: MemoryPerson['state'],
): MemoryPerson {
  return {
    principal: {
      directoryId: 'default',
      entryId: `id-of-${username}`,
      dn: `uid=${username},ou=people,dc=example,dc=org`,
      username,
      emails: [`${username}@example.org`],
      fullName: `${username} of Denmark`,
      groups: [],
      ...principal,
    },
    password: PASSWORD,
    ...(state && { state }),
  };
}

/** How far behind the directory keys may be, as the settings have it. */
const FRESHNESS = {
  revalidateAfterMs: MINUTE_MS,
  maxStalenessMs: 5 * MINUTE_MS,
  revalidateWithinMs: 250,
  outageGraceMs: 24 * 60 * MINUTE_MS,
  restoreAfterMs: 15 * MINUTE_MS,
  forgetAfterMs: undefined,
};
const NOTHING_COUNTED = {
  verified() {},
  signedIn() {},
  revalidated() {},
  suspended() {},
  restored() {},
};
const BRAKE = { share: 0.5, atLeast: 5, windowMs: 5 * MINUTE_MS };

/** Make the app that `options` describe; without any, hamlet and ophelia are in its directory. */
export function createMemoryApp(options: MemoryAppOptions = {}): MemoryApp {
  const { people = [person('hamlet'), person('ophelia')], emailDomains = [], wrap = (it) => it } = options;
  let now = START;
  const clock = () => now;
  const perUsername = options.perUsername ?? { attempts: 5, windowMs: 30 * MINUTE_MS };
  const directory = createMemoryDirectory(people);
  const store = createSwitchedStore(createMemoryAccountStore(clock), createMemoryAttemptCounter(clock));
  const { accounts, attempts } = store;
  const ring = createSecretRing([Buffer.alloc(32, 7)]);
  const canonical = createCanonicalName(emailDomains);
  const log = createRecordedLog();
  const perAddress = options.perAddress ?? { attempts: 100, windowMs: MINUTE_MS };
  const brake = createMemoryLeaverBrake(BRAKE, clock);
  const issuing = {
    ...{ ring, accounts, canonical, directory, randomBytes, ...FRESHNESS },
    now: clock,
    maxAgeMs: options.maxAgeMs,
    allowSharedEmails: options.allowSharedEmails ?? false,
  };
  const tickets = createMemoryTicketStore(clock);
  const secrets = createMemorySecretRegistry();
  const ringGuard = createRingGuard({ ring, secrets, log, elapsed: clock });
  const useCases = createUseCases({
    ...issuing,
    ...{ brake, ringGuard, elapsed: clock, counts: NOTHING_COUNTED },
    attempts,
    tickets,
    perUsername,
    signInWithinMs: 8000,
    log,
    requireEmail: options.realm?.requireEmail ?? false,
    directory: wrap(directory),
  });
  const { verifyApiKey, revalidate } = useCases;
  const issueApiKey = createIssueApiKey({ ...issuing, revalidate });
  const answers = (part: { ping(): Promise<void> }) => () =>
    part.ping().then(
      () => true,
      () => false,
    );
  const listener = createApp(
    {
      ...useCases,
      verifyToken: undefined,
      directory,
      randomBytes,
      attempts,
      metrics: { contentType: 'text/plain', read: async () => '' },
      readiness: {
        store: answers(accounts),
        directory: answers(directory),
        secrets: ringGuard.isAccepted,
        warnings: async () => options.warnings,
        isStopping: () => false,
      },
      log,
    },
    {
      trustProxy: [],
      cors: true,
      passwordResetUrl: undefined,
      sso: undefined,
      remoteUser: createRemoteUser(new Map([['default', undefined]])),
      ...options,
      perAddress,
      realm: { ...DENMARK, ...options.realm },
    },
  );
  const advance = (ms: number) => {
    now += ms;
  };
  const admitAddress = createAdmitAddress(attempts, perAddress, log);
  const readKept = createReadKept(accounts);
  const parts = { ...issuing, revalidate, readKept, issueApiKey, verifyApiKey, admitAddress };
  return { listener, directory, store, secrets, log, advance, parts };
}

const DENMARK: RealmDescription = {
  publicUrl: 'https://chat.example.org',
  name: 'Denmark',
  description: 'Something is rotten',
  icon: undefined,
  requireEmail: false,
  development: false,
  sso: false,
  version: '11.5',
  featureLevel: 421,
};

/** Ask for a key as a client does. */
export function signIn(app: MemoryApp, username: string, password: string = PASSWORD): Test {
  const form = new URLSearchParams({ username, password });
  return request(app.listener).post(FETCH_API_KEY).type('form').send(form.toString());
}

/** The key of someone who signs in with `PASSWORD`. */
export async function fetchKey(app: MemoryApp, username = 'hamlet'): Promise<string> {
  const { body } = await signIn(app, username).expect(200);
  return body.api_key;
}

/** The value of a Basic header. */
export function basic(name: string, key: string): string {
  return `Basic ${Buffer.from(`${name}:${key}`).toString('base64')}`;
}
