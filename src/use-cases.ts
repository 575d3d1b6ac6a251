import { type AuthenticateParts, createAuthenticate } from './auth/authenticate.ts';
import { createDesktopTokens, type DesktopTokens } from './auth/desktop-token.ts';
import { createFetchApiKey, type FetchApiKey } from './auth/fetch-api-key.ts';
import { createPageSessions, type PageSessions } from './auth/page-session.ts';
import { createThrottle } from './auth/throttle.ts';
import { createSignInByEmail, createSignInByName, type VouchedSignIn } from './auth/vouched-sign-in.ts';
import { recogniseApiKey } from './keys/api-key.ts';
import { currentApiKey } from './keys/current-api-key.ts';
import { createIssueApiKey } from './keys/issue-api-key.ts';
import { createRegenerateApiKey, type RegenerateApiKey } from './keys/regenerate-api-key.ts';
import type { SecretRing } from './keys/secret-ring.ts';
import { createVerifyApiKey, type VerifyApiKey } from './keys/verify-api-key.ts';
import type { Account, AccountStore } from './ports/account-store.ts';
import type { AttemptCounter, Budget } from './ports/attempt-counter.ts';
import type { TicketStore } from './ports/ticket-store.ts';

/** What the use cases rest on; `now` in milliseconds since 1970, `randomBytes` from the CSPRNG. */
export interface UseCaseParts
  extends Pick<AuthenticateParts, 'directory' | 'canonical' | 'requireEmail' | 'log'> {
  readonly accounts: AccountStore;
  readonly attempts: AttemptCounter;
  readonly tickets: TicketStore;
  readonly ring: SecretRing;
  readonly perUsername: Budget;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
}

/** Everything that can be asked of the service, whatever asks. */
export interface UseCases {
  readonly fetchApiKey: FetchApiKey;
  readonly verifyApiKey: VerifyApiKey;
  readonly regenerateApiKey: RegenerateApiKey;
  /** The key of an account, derived again; `undefined` where its secret has left the ring. */
  readonly currentKey: (account: Account) => string | undefined;
  readonly signInByName: VouchedSignIn;
  readonly signInByEmail: VouchedSignIn;
  readonly sessions: PageSessions;
  readonly desktopTokens: DesktopTokens;
  /** HMAC of what a browser holds, for the forms that it is given. */
  readonly csrfDigest: (value: string) => string;
}

/** Join the domain on its ports. */
export function createUseCases(parts: UseCaseParts): UseCases {
  const { ring, attempts, perUsername } = parts;
  const authenticate = createAuthenticate({
    ...parts,
    throttle: createThrottle(attempts, perUsername),
    digestName: (name) => ring.current.hmac('name', name).toString('base64url'),
    isApiKey: (text) => recogniseApiKey(ring, text) !== undefined,
  });
  const issueApiKey = createIssueApiKey(parts);
  const vouching = { ...parts, issueApiKey };
  return {
    fetchApiKey: createFetchApiKey(authenticate, issueApiKey),
    verifyApiKey: createVerifyApiKey(parts),
    regenerateApiKey: createRegenerateApiKey(parts),
    currentKey: (account) => currentApiKey(ring, account),
    signInByName: createSignInByName(vouching),
    signInByEmail: createSignInByEmail(vouching),
    sessions: createPageSessions(parts),
    desktopTokens: createDesktopTokens(parts),
    csrfDigest: (value) => ring.current.hmac('csrf', value).toString('base64url'),
  };
}
