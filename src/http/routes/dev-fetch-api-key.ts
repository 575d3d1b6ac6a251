import { Router } from 'express';
import type { VouchedSignIn } from '../../auth/vouched-sign-in.ts';
import { isEmail } from '../email-format.ts';
import { sendMethodNotAllowed, sendSuccess } from '../envelope.ts';
import { RequestError, signInError } from '../error-handler.ts';
import { readForm } from '../read-form.ts';
import { note } from '../request-log.ts';

const PATH = '/api/v1/dev_fetch_api_key';

/**
 * `POST /api/v1/dev_fetch_api_key`: an email in, API key out, no password (contract 3.1). To be mounted in
 * development alone; elsewhere the path is not there.
 * @param signIn by email
 */
export function devFetchApiKeyRoute(signIn: VouchedSignIn): Router {
  return Router({ caseSensitive: true, strict: true })
    .post(PATH, async (req, res) => {
      const form = await readForm(req);
      const email = form.require('username');
      if (!isEmail(email)) throw new RequestError(400, 'Enter a valid email address.');
      res.setHeader('Cache-Control', 'no-store');
      const vouched = await signIn(email);
      if ('refusal' in vouched) {
        const { refusal: outcome, principal } = vouched;
        note(res, { outcome, ...(principal && { username: principal.username }) });
        throw signInError(outcome, 0);
      }
      const { apiKey, account } = vouched.issued;
      note(res, { outcome: 'accepted', userId: account.id });
      const ignored = form.ignored();
      sendSuccess(res, {
        api_key: apiKey,
        email: account.owner.email,
        user_id: account.id,
        ...(ignored.length > 0 && { ignored_parameters_unsupported: ignored }),
      });
    })
    .all(PATH, (_req, res) => sendMethodNotAllowed(res, ['POST']));
}
