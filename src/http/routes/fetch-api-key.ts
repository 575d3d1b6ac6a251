import { Router } from 'express';
import type { FetchApiKey } from '../../auth/fetch-api-key.ts';
import type { Budget } from '../../ports/attempt-counter.ts';
import { isEmail } from '../email-format.ts';
import { sendMethodNotAllowed, sendSuccess } from '../envelope.ts';
import { RequestError, signInError } from '../error-handler.ts';
import { type AdmitAddress, setBudgetHeaders } from '../rate-limit.ts';
import { readForm } from '../read-form.ts';
import { note } from '../request-log.ts';

/** What the endpoint rests on. */
export interface FetchApiKeyParts {
  readonly fetchApiKey: FetchApiKey;
  readonly admitAddress: AdmitAddress;
  /** The budget that `X-RateLimit-*` shows. */
  readonly perUsername: Budget;
  /** Whether a username must be an email. */
  readonly requireEmail: boolean;
}

/** `POST /api/v1/fetch_api_key`: username and password in, API key out (contract 1). */
export function fetchApiKeyRoute(parts: FetchApiKeyParts): Router {
  const { fetchApiKey, admitAddress, perUsername, requireEmail } = parts;
  return Router({ caseSensitive: true, strict: true })
    .post('/api/v1/fetch_api_key', async (req, res) => {
      const form = await readForm(req);
      const username = form.require('username');
      const password = form.require('password');
      if (requireEmail && !isEmail(username)) throw new RequestError(400, 'Enter a valid email address.');
      res.setHeader('Cache-Control', 'no-store');
      const fetched = await fetchApiKey({ username, password, admission: admitAddress(req, res) });
      setBudgetHeaders(res, perUsername, fetched.budget);
      if ('refusal' in fetched) {
        const { refusal: outcome, nameDigest, principal } = fetched;
        note(res, { outcome, nameDigest, ...(principal && { username: principal.username }) });
        throw signInError(outcome, fetched.retryAfterMs ?? 0);
      }
      const { apiKey, account } = fetched.issued;
      note(res, { outcome: 'accepted', userId: account.id });
      const ignored = form.ignored();
      sendSuccess(res, {
        api_key: apiKey,
        email: account.owner.email,
        user_id: account.id,
        ...(ignored.length > 0 && { ignored_parameters_unsupported: ignored }),
      });
    })
    .all('/api/v1/fetch_api_key', (_req, res) => sendMethodNotAllowed(res, ['POST']));
}
