import type { SignInRefusal } from '../errors.ts';
import type { KeptAccount, ReadKept } from '../keys/kept-account.ts';
import type { Directory, Found, Verified } from '../ports/directory.ts';
import type { Log } from '../ports/log.ts';
import type { Principal } from '../ports/principal.ts';
import { hasEmail } from './has-email.ts';
import type { CountedAttempt } from './throttle.ts';

/** Somebody about whom a password can be asked. */
export type FoundPerson = Exclude<Found, { refusal: unknown }>;

/** What verifying rests on. */
export interface VerifyParts {
  readonly directory: Pick<Directory, 'verifyPassword' | 'admit'>;
  readonly readKept: ReadKept;
  /** Whether a username is an email, and so must be one of the person's: a login name finds nobody then. */
  readonly requireEmail: boolean;
  readonly log: Log;
}

/** One question about one person. */
export interface PersonQuestion {
  /** As it was searched for. */
  readonly username: string;
  readonly password: string;
  readonly signal: AbortSignal | undefined;
  readonly counted: CountedAttempt;
  /** Called when a bind was refused, at that moment. */
  readonly onRefused: () => void;
}

/** Whose name and password they are. */
export interface Accepted {
  readonly principal: Principal;
  /** Read beside the person's budget, so that it costs no round trip of its own. */
  readonly kept: KeptAccount;
}

/** Why somebody does not come in. */
export interface Refused {
  readonly refusal: SignInRefusal;
  /** Whom the name stands for, where a directory knows it. */
  readonly principal?: Principal;
  /** Milliseconds until the next attempt is granted; set where those of the name itself are spent. */
  readonly retryAfterMs?: number;
}

/**
 * Person's budget, bind, groups. Of somebody unread all that depends on the entry is decided after the bind,
 * which is what reads it. Throws `Unavailable`, and the signal's reason.
 */
export async function verifyPerson(
  parts: VerifyParts,
  found: FoundPerson,
  { username, password, signal, counted, onRefused }: PersonQuestion,
): Promise<Accepted | Refused> {
  const { directory, readKept, requireEmail } = parts;
  const known = 'principal' in found ? found : undefined;
  const named = known && { principal: known.principal };
  const person = 'principal' in found ? found.principal : found.unread;
  const [budget, keptByThen] = await Promise.all([
    counted.reservePerson(person, found.lockout),
    known && readKept(known.principal),
  ]);
  signal?.throwIfAborted();
  // It counts for the name as an attempt at nobody does: other answers would tell whom several names stand for.
  if (!budget.granted) return { refusal: 'attempts-spent', ...named };
  const verified = await directory.verifyPassword(person, password, signal);
  if ('refusal' in verified) {
    onRefused();
    return { refusal: verified.refusal, ...named };
  }
  forgetFailures(counted, parts.log);
  signal?.throwIfAborted();
  const unfit = refusalOnceRead(verified, known?.isDisabled, requireEmail ? username : undefined);
  if (unfit) return unfit;
  const [admitted, kept] = await Promise.all([
    directory.admit(verified.principal, signal),
    keptByThen ?? readKept(verified.principal),
  ]);
  return 'refusal' in admitted
    ? { refusal: admitted.refusal, principal: verified.principal }
    : { principal: admitted.principal, kept };
}

/** Why somebody does not come in although the password is right; `undefined`: nothing in the entry is against it. */
function refusalOnceRead(
  { principal, isDisabled }: Extract<Verified, { principal: Principal }>,
  wasDisabled: true | undefined,
  demandedEmail: string | undefined,
): Refused | undefined {
  if (isDisabled || wasDisabled) return { refusal: 'account-disabled', principal };
  if (demandedEmail !== undefined && !hasEmail(principal, demandedEmail)) return { refusal: 'unknown-user' };
  return principal.emails.length === 0 ? { refusal: 'no-email', principal } : undefined;
}

/** Not awaited: the answer need not wait for it, and a later attempt is counted after it on the same connection. */
function forgetFailures(counted: CountedAttempt, log: Log): void {
  counted.forgetFailures().catch((err: unknown) => {
    log.warn({ err }, 'the failed attempts of a person who signed in stay counted');
  });
}
