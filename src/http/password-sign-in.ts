import type { Request, Response } from 'express';
import type { FetchApiKey } from '../auth/fetch-api-key.ts';
import type { IssuedKey } from '../keys/issue-api-key.ts';
import type { Budget } from '../ports/attempt-counter.ts';
import { isEmail } from './email-format.ts';
import { RequestError } from './error-handler.ts';
import { issuedKey } from './issued-key.ts';
import { type AdmitAddress, setBudgetHeaders } from './rate-limit.ts';

/** What signing in by password rests on. */
export interface PasswordSignInParts {
  readonly fetchApiKey: FetchApiKey;
  readonly admitAddress: AdmitAddress;
  /** The budget that `X-RateLimit-*` shows. */
  readonly perUsername: Budget;
  /** Whether a username must be an email. */
  readonly requireEmail: boolean;
}

/**
 * Gives the key of whoever the username and the password are, with `X-RateLimit-*` on the answer. Throws the
 * error that answers a refusal, `Unavailable`, and `RateLimited`.
 */
export type PasswordSignIn = (
  req: Request,
  res: Response,
  username: string,
  password: string,
) => Promise<IssuedKey>;

/** One way in for clients and browsers, so that they share every budget. */
export function createPasswordSignIn(parts: PasswordSignInParts): PasswordSignIn {
  const { fetchApiKey, admitAddress, perUsername, requireEmail } = parts;
  return async (req, res, username, password) => {
    if (requireEmail && !isEmail(username)) throw new RequestError(400, 'Enter a valid email address.');
    const fetched = await fetchApiKey({ username, password, admission: admitAddress(req, res) });
    setBudgetHeaders(res, perUsername, fetched.budget);
    return issuedKey(res, fetched);
  };
}
