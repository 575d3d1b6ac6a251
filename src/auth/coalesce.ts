import { createHmac, type KeyObject } from 'node:crypto';
import type { Authenticate, SignInVerdict } from './authenticate.ts';
import { readUsername } from './username.ts';

/**
 * Make identical sign-ins in flight one: the same name and the same password share one verdict, are counted
 * once, and only the first one's `admit` is asked. Nothing is kept once the verdict is there.
 *
 * Names are the same where the directory would be asked for the same: the canonical name makes one of more
 * than that (`A\kim` and `B\kim`), which is right for counting, but would give one person's verdict to another.
 * @param key of this process alone: what is compared is an HMAC, so that no password is kept
 */
export function coalesceSignIns(authenticate: Authenticate, key: KeyObject): Authenticate {
  const inFlight = new Map<string, Promise<SignInVerdict>>();
  return (attempt) => {
    const username = readUsername(attempt.username);
    if (username === undefined) return authenticate(attempt);
    // The length keeps a name's end apart from a password's beginning.
    const pair = `${username.length}:${username}${attempt.password}`;
    const id = createHmac('sha256', key).update(pair).digest('base64url');
    const verdict = inFlight.get(id) ?? authenticate(attempt).finally(() => inFlight.delete(id));
    inFlight.set(id, verdict);
    return verdict;
  };
}
