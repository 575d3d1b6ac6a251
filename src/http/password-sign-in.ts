import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FetchApiKey } from '../auth/fetch-api-key.ts';
import type { IssuedKey } from '../keys/issue-api-key.ts';
import type { Reservation } from '../ports/attempt-counter.ts';
import { isEmail } from './email-format.ts';
import { issuedKey } from './issued-key.ts';
import { type AdmitAddress, type ClientKey, setBudgetHeaders } from './rate-limit.ts';
import { RequestError } from './request-error.ts';

/** What signing in by password rests on. */
export interface PasswordSignInParts {
  readonly fetchApiKey: FetchApiKey;
  readonly clientKey: ClientKey;
  readonly admitAddress: AdmitAddress;
  /** Whether a username must be an email. */
  readonly requireEmail: boolean;
}

/**
 * Gives the key of whoever the username and the password are, with `X-RateLimit-*` on the answer. Throws the
 * error that answers a refusal, `Unavailable`, and `RateLimited`.
 */
export type PasswordSignIn = (
  req: IncomingMessage,
  res: ServerResponse,
  username: string,
  password: string,
) => Promise<IssuedKey>;

/** One way in for clients and browsers, so that they share every budget. */
export function createPasswordSignIn(parts: PasswordSignInParts): PasswordSignIn {
  const { fetchApiKey, clientKey, admitAddress, requireEmail } = parts;
  return async (req, res, username, password) => {
    if (requireEmail && !isEmail(username)) throw new RequestError(400, 'Enter a valid email address.');
    const client = clientKey(req);
    let ofAddress: Reservation | undefined;
    const fetched = await fetchApiKey({
      username,
      password,
      address: client,
      admit: async () => {
        ofAddress = await admitAddress(client, res);
      },
    });
    const applied = fetched.budget ?? ofAddress;
    if (applied) setBudgetHeaders(res, applied);
    return issuedKey(res, fetched);
  };
}
