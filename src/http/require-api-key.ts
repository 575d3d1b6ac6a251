import type { Request, Response } from 'express';
import type { VerifyApiKey } from '../keys/verify-api-key.ts';
import type { Account } from '../ports/account-store.ts';
import { keyError } from './error-handler.ts';
import { readBasic } from './read-credentials.ts';
import { RequestError } from './request-error.ts';
import { note } from './request-log.ts';

/** Gives the account that a request is made for; throws the error that answers it where there is none. */
export type RequireApiKey = (req: Request, res: Response) => Promise<Account>;

/** Zulip's HTTP Basic (contract 5): every failure is the same code, a foreign scheme is a 400. */
export function createRequireApiKey(verifyApiKey: VerifyApiKey): RequireApiKey {
  return async (req, res) => {
    const { name, key } = readHeader(req.headers.authorization, res);
    const verdict = await verifyApiKey(key, name);
    if ('refusal' in verdict) {
      note(res, { outcome: verdict.refusal });
      challenge(res);
      throw keyError(verdict.refusal);
    }
    note(res, { outcome: 'accepted', userId: verdict.account.id });
    return verdict.account;
  };
}

function readHeader(header: string | undefined, res: Response): { name: string; key: string } {
  if (header === undefined) {
    throw unauthorized(res, 'Not logged in: API authentication or user session required');
  }
  const [scheme = '', encoded, ...more] = header.trim().split(/\s+/);
  if (encoded === undefined || more.length > 0) {
    throw unauthorized(res, 'Invalid authorization header for basic auth');
  }
  if (scheme.toLowerCase() !== 'basic') {
    throw new RequestError(400, 'This endpoint requires HTTP basic authentication.');
  }
  const credentials = readBasic(encoded);
  if (!credentials) throw unauthorized(res, 'Invalid authorization header for basic auth');
  return credentials;
}

function unauthorized(res: Response, message: string): RequestError {
  note(res, { outcome: 'no-credentials' });
  challenge(res);
  return new RequestError(401, message, 'UNAUTHORIZED');
}

function challenge(res: Response): void {
  res.setHeader('WWW-Authenticate', 'Basic realm="zulip"');
}
