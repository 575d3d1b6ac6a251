import { type CanonicalName, isTooLongForAName } from '../keys/canonical-name.ts';
import type { Reservation } from '../ports/attempt-counter.ts';
import { type Judgement, type JudgeParts, judge } from './judge.ts';
import type { SignInBudgets } from './sign-in-budgets.ts';
import type { Throttle } from './throttle.ts';
import type { Refused } from './verify-person.ts';

/** A username and a password as they were typed. */
export interface SignInAttempt {
  readonly username: string;
  readonly password: string;
  /** The client's address, an IPv6 one by its /64: what is familiar about an attempt. `unknown`: it has none. */
  readonly address: string;
  /**
   * Asks the caller's own limit, the client address's: rejects where it does not let the attempt in. Asked
   * together with the name's budget, so that both cost one round trip.
   */
  readonly admit: () => Promise<void>;
  /** Ends the wait: its reason is thrown, no bind is sent any more, and what was counted is given back. */
  readonly signal?: AbortSignal;
}

/** What a verdict says beside its outcome. */
interface Judged {
  /** HMAC of the canonical name: what logs hold of a name that no directory may know. */
  readonly nameDigest: string;
  /** The name's budget after this attempt. */
  readonly budget: Reservation;
}

/** Refused without a look at the name, which is too long for one: it has no digest and no budget. */
type Unnamed = Refused & { readonly nameDigest?: undefined; readonly budget?: undefined };

/** The person, or why not. A refusal is a value; an outage of the directory or the store is thrown. */
export type SignInVerdict = (Judged & Judgement) | Unnamed;

/** Decides who a username and a password are. Throws `Unavailable`, and whatever `admit` and `signal` do. */
export type Authenticate = (attempt: SignInAttempt) => Promise<SignInVerdict>;

/** What deciding rests on. */
export interface AuthenticateParts extends JudgeParts, Pick<SignInBudgets, 'digestName'> {
  readonly throttle: Throttle;
  readonly canonical: CanonicalName;
}

/** Name budget, find, person's budget, bind: in this order, each only if the one before let the attempt on. */
export function createAuthenticate(parts: AuthenticateParts): Authenticate {
  return async (attempt) => {
    if (isTooLongForAName(attempt.username)) {
      await attempt.admit();
      return { refusal: 'malformed-username' };
    }
    const nameDigest = parts.digestName(parts.canonical(attempt.username));
    const counted = parts.throttle(attempt.address);
    try {
      const [budget] = await Promise.all([counted.reserveName(nameDigest), attempt.admit()]);
      attempt.signal?.throwIfAborted();
      if (!budget.granted) {
        return { nameDigest, budget, refusal: 'attempts-spent', retryAfterMs: budget.retryAfterMs };
      }
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
