import type { Directory, Found } from '../ports/directory.ts';
import type { Decoy } from './decoy.ts';
import { hasEmail } from './has-email.ts';
import { isFitPassword } from './password.ts';
import type { CountedAttempt } from './throttle.ts';
import { readUsername } from './username.ts';
import {
  type Accepted,
  type FoundPerson,
  type Refused,
  type VerifyParts,
  verifyPerson,
} from './verify-person.ts';

/** A name and a password whose person is asked for. */
export interface Question {
  readonly username: string;
  readonly password: string;
  /** Ends the wait: its reason is thrown, and no bind is sent any more. */
  readonly signal?: AbortSignal;
}

/** The person, or why not. */
export type Judgement = Accepted | Refused;

/** What judging rests on. */
export interface JudgeParts extends VerifyParts {
  readonly directory: Directory;
  /** Whether a text is one of our API keys: such a password must never reach a directory. */
  readonly isApiKey: (text: string) => boolean;
  readonly decoy: Decoy;
}

/**
 * Find the person and ask about the password. What the directory refuses without a bind takes as long as a
 * refused bind, by the decoy. Throws `Unavailable`, and the signal's reason.
 */
export async function judge(
  parts: JudgeParts,
  { username: typed, password, signal }: Question,
  counted: CountedAttempt,
): Promise<Judgement> {
  const username = readUsername(typed);
  if (username === undefined) return { refusal: 'malformed-username' };
  if (!isFitPassword(password)) return { refusal: 'malformed-password' };
  if (parts.isApiKey(password)) return { refusal: 'api-key-as-password' };
  const { directory, decoy, requireEmail } = parts;
  const begunAt = decoy.now();
  const found = await directory.find(username, signal);
  const foundAt = decoy.now();
  signal?.throwIfAborted();
  const fit = fitPerson(found, username, requireEmail);
  const judgement =
    'refusal' in fit
      ? fit
      : await verifyPerson(parts, fit, {
          ...{ username, password, signal, counted },
          onRefused: () => decoy.learn(decoy.now() - foundAt),
        });
  const isUnasked = 'refusal' in fit || ('refusal' in judgement && judgement.refusal === 'attempts-spent');
  if (isUnasked) await decoy.pass(foundAt, foundAt - begunAt, signal);
  return judgement;
}

/** Whom a password can be asked about, or why nobody. Of somebody unread nothing is known yet. */
function fitPerson(found: Found, username: string, requireEmail: boolean): FoundPerson | Refused {
  if ('refusal' in found || 'unread' in found) return found;
  const { principal } = found;
  if (requireEmail && !hasEmail(principal, username)) return { refusal: 'unknown-user' };
  if (principal.emails.length === 0) return { refusal: 'no-email', principal };
  return found;
}
