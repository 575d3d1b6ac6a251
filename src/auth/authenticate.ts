import type { SignInRefusal } from '../errors.ts';
import type { CanonicalName } from '../keys/canonical-name.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { Reservation } from '../ports/attempt-counter.ts';
import type { Directory } from '../ports/directory.ts';
import type { Log } from '../ports/log.ts';
import type { Principal } from '../ports/principal.ts';
import { hasEmail } from './has-email.ts';
import { isFitPassword } from './password.ts';
import type { CountedAttempt, Throttle } from './throttle.ts';
import { readUsername } from './username.ts';

/** A username and a password as they were typed. */
export interface SignInAttempt {
  readonly username: string;
  readonly password: string;
  /**
   * Rejects where the caller's own limit, the client address's, does not let the attempt in. Awaited
   * together with the name's budget, so that both cost one round trip.
   */
  readonly admission: Promise<void>;
}

/** What every verdict says beside its outcome. */
interface Judged {
  /** HMAC of the canonical name: what logs hold of a name that no directory may know. */
  readonly nameDigest: string;
  /** The name's budget after this attempt. */
  readonly budget: Reservation;
}

/** The person, or why not. A refusal is a value; an outage of the directory or the store is thrown. */
export type SignInVerdict = Judged &
  (
    | {
        readonly principal: Principal;
        /** What the entry's pointer holds: read beside the person's budget, so that it costs no round trip of its own. */
        readonly accountId: number | undefined;
      }
    | {
        readonly refusal: SignInRefusal;
        /** Whom the name stands for, where a directory knows it. */
        readonly principal?: Principal;
        /** Milliseconds until the next attempt is granted; set where the attempts are spent. */
        readonly retryAfterMs?: number;
      }
  );

/** Decides who a username and a password are. Throws `Unavailable`, and whatever `admission` rejects with. */
export type Authenticate = (attempt: SignInAttempt) => Promise<SignInVerdict>;

/** What deciding rests on. */
export interface AuthenticateParts {
  readonly directory: Directory;
  readonly throttle: Throttle;
  readonly accounts: Pick<AccountStore, 'findId'>;
  readonly canonical: CanonicalName;
  /** HMAC of a canonical name under a label of its own. */
  readonly digestName: (canonicalName: string) => string;
  /** Whether a text is one of our API keys: such a password must never reach a directory. */
  readonly isApiKey: (text: string) => boolean;
  /** Whether a username is an email, and so must be one of the person's: a login name finds nobody then. */
  readonly requireEmail: boolean;
  readonly log: Log;
}

/** Name budget, find, person's budget, bind: in this order, each only if the one before let the attempt on. */
export function createAuthenticate(parts: AuthenticateParts): Authenticate {
  return async (attempt) => {
    const nameDigest = parts.digestName(parts.canonical(attempt.username));
    const counted = parts.throttle();
    try {
      const [budget] = await Promise.all([counted.reserveName(nameDigest), attempt.admission]);
      if (!budget.granted) return { nameDigest, budget, ...spent(budget) };
      return { nameDigest, budget, ...(await judge(parts, attempt, counted)) };
    } catch (failure) {
      // An outage counts against nobody, nor does an attempt that the caller's own limit refused.
      await counted.giveBack().catch((err: unknown) => {
        parts.log.warn({ err }, 'an attempt that was cut short stays counted');
      });
      throw failure;
    }
  };
}

type Judgement =
  | { principal: Principal; accountId: number | undefined }
  | { refusal: SignInRefusal; principal?: Principal; retryAfterMs?: number };

async function judge(
  parts: AuthenticateParts,
  { username: typed, password }: SignInAttempt,
  counted: CountedAttempt,
): Promise<Judgement> {
  const username = readUsername(typed);
  if (username === undefined) return { refusal: 'malformed-username' };
  if (!isFitPassword(password)) return { refusal: 'malformed-password' };
  if (parts.isApiKey(password)) return { refusal: 'api-key-as-password' };
  const found = await parts.directory.find(username);
  if ('refusal' in found) return found;
  const { principal } = found;
  if (parts.requireEmail && !hasEmail(principal, username)) return { refusal: 'unknown-user' };
  if (principal.emails.length === 0) return { refusal: 'no-email', principal };
  const [budget, accountId] = await Promise.all([
    counted.reservePerson(principal),
    parts.accounts.findId(principal.directoryId, principal.entryId),
  ]);
  if (!budget.granted) {
    // A refused attempt is not counted, or another spelling would prolong the wait.
    await counted.giveBack();
    return { principal, ...spent(budget) };
  }
  const verified = await parts.directory.verifyPassword(principal, password);
  if ('refusal' in verified) return { refusal: verified.refusal, principal };
  forgetFailures(counted, parts.log);
  return { principal: verified.principal, accountId };
}

function spent({ retryAfterMs }: Reservation): { refusal: SignInRefusal; retryAfterMs: number } {
  return { refusal: 'attempts-spent', retryAfterMs };
}

/** Not awaited: the answer need not wait for it, and a later attempt is counted after it on the same connection. */
function forgetFailures(counted: CountedAttempt, log: Log): void {
  counted.forgetFailures().catch((err: unknown) => {
    log.warn({ err }, 'the failed attempts of a person who signed in stay counted');
  });
}
