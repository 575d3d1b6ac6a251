import { createSecretKey } from 'node:crypto';
import { type AuthenticateParts, createAuthenticate } from './auth/authenticate.ts';
import { coalesceSignIns } from './auth/coalesce.ts';
import { countSignIns, type SignInOutcome } from './auth/count-sign-ins.ts';
import { createTimedDecoy } from './auth/decoy.ts';
import { createDesktopTokens, type DesktopTokens } from './auth/desktop-token.ts';
import { createFetchApiKey, type FetchApiKey } from './auth/fetch-api-key.ts';
import { createPageSessions, type PageSessions } from './auth/page-session.ts';
import { signInBudgets } from './auth/sign-in-budgets.ts';
import { withSignInDeadline } from './auth/sign-in-deadline.ts';
import { createThrottle } from './auth/throttle.ts';
import { createSignInByEmail, createSignInByName, type VouchedSignIn } from './auth/vouched-sign-in.ts';
import { recogniseApiKey } from './keys/api-key.ts';
import { countRevalidations, type RevalidationOutcome } from './keys/count-revalidations.ts';
import { countSuspensions, type SuspensionCounts } from './keys/count-suspensions.ts';
import { countVerifications, type VerificationOutcome } from './keys/count-verifications.ts';
import { currentApiKey } from './keys/current-api-key.ts';
import { createFreshen, type Freshness } from './keys/freshen.ts';
import { createIssueApiKey } from './keys/issue-api-key.ts';
import { createReadKept } from './keys/kept-account.ts';
import { isExpired } from './keys/key-age.ts';
import { createRegenerateApiKey, type RegenerateApiKey } from './keys/regenerate-api-key.ts';
import { createRevalidate, type Revalidate, type RevalidatingParts } from './keys/revalidate.ts';
import { type RingGuard, whenAccepted } from './keys/ring-guard.ts';
import type { SecretRing } from './keys/secret-ring.ts';
import { createVerifyApiKey, type VerifyApiKey } from './keys/verify-api-key.ts';
import type { Account, NearAccountStore } from './ports/account-store.ts';
import type { AttemptCounter, Budget } from './ports/attempt-counter.ts';
import type { Count, CountOf } from './ports/metrics.ts';
import type { TicketStore } from './ports/ticket-store.ts';

/** What the use cases rest on; `now` in milliseconds since 1970, `randomBytes` from the CSPRNG. */
export interface UseCaseParts
  extends Pick<AuthenticateParts, 'directory' | 'canonical' | 'requireEmail' | 'log'>,
    Pick<RevalidatingParts, 'brake' | 'restoreAfterMs' | 'forgetAfterMs' | 'elapsed'>,
    Freshness {
  readonly accounts: NearAccountStore;
  readonly attempts: AttemptCounter;
  readonly tickets: TicketStore;
  readonly ring: SecretRing;
  readonly ringGuard: Pick<RingGuard, 'demandAccepted'>;
  readonly perUsername: Budget;
  /** Lifetime of a key from its minting, in milliseconds; `undefined`: until another is minted. */
  readonly maxAgeMs: number | undefined;
  /** Whether people may come in whose email is others' too. */
  readonly allowSharedEmails: boolean;
  /** The longest that a sign-in by password may take, in milliseconds. */
  readonly signInWithinMs: number;
  /** Where what is decided is counted. */
  readonly counts: SuspensionCounts & {
    readonly revalidated: CountOf<RevalidationOutcome>;
    readonly verified: Count<VerificationOutcome>;
    readonly signedIn: Count<SignInOutcome>;
  };
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
}

/** Everything that can be asked of the service, whatever asks. */
export interface UseCases {
  readonly fetchApiKey: FetchApiKey;
  readonly verifyApiKey: VerifyApiKey;
  readonly regenerateApiKey: RegenerateApiKey;
  /** The key of an account, derived again; `undefined` where it is revoked or too old, or its secret has left the ring. */
  readonly currentKey: (account: Account) => string | undefined;
  /** Asks the directory now, whatever is known. */
  readonly revalidate: Revalidate;
  readonly signInByName: VouchedSignIn;
  readonly signInByEmail: VouchedSignIn;
  readonly sessions: PageSessions;
  readonly desktopTokens: DesktopTokens;
  /** HMAC of what a browser holds, for the forms that it is given. */
  readonly csrfDigest: (value: string) => string;
}

/** Join the domain on its ports. */
export function createUseCases(parts: UseCaseParts): UseCases {
  const { ring, ringGuard, attempts, perUsername, counts } = parts;
  const { digestName, keys, digestAddress } = signInBudgets(parts);
  const readKept = createReadKept(parts.accounts);
  const authenticate = createAuthenticate({
    ...parts,
    readKept,
    throttle: createThrottle({ counter: attempts, keys, digestAddress }, perUsername),
    digestName,
    isApiKey: (text) => recogniseApiKey(ring, text) !== undefined,
    decoy: createTimedDecoy(() => parts.randomBytes(4).readUInt32BE() / 2 ** 32),
  });
  const inTime = withSignInDeadline(authenticate, parts.signInWithinMs);
  const coalesced = coalesceSignIns(inTime, createSecretKey(parts.randomBytes(32)));
  const checking = { ...parts, accounts: countSuspensions(parts.accounts, counts) };
  const revalidate = countRevalidations(createRevalidate(checking), counts.revalidated);
  const freshen = createFreshen({ ...parts, revalidate }, parts);
  const issueApiKey = whenAccepted(ringGuard, createIssueApiKey({ ...parts, revalidate }));
  const vouching = { ...parts, readKept, issueApiKey };
  return {
    fetchApiKey: countSignIns(createFetchApiKey(coalesced, issueApiKey), counts.signedIn),
    verifyApiKey: countVerifications(createVerifyApiKey({ ...parts, freshen }), counts.verified),
    regenerateApiKey: whenAccepted(ringGuard, createRegenerateApiKey(parts)),
    revalidate,
    currentKey: (account) =>
      account.key && isExpired(account.key, parts) ? undefined : currentApiKey(ring, account),
    signInByName: createSignInByName(vouching),
    signInByEmail: createSignInByEmail(vouching),
    sessions: createPageSessions(parts),
    desktopTokens: createDesktopTokens(parts),
    csrfDigest: (value) => ring.current.hmac('csrf', value, 'base64url'),
  };
}
