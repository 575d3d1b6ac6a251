import { Router } from 'express';
import type { VouchedSignIn } from '../../auth/vouched-sign-in.ts';
import { isEmail } from '../email-format.ts';
import { sendMethodNotAllowed } from '../envelope.ts';
import { issuedKey, sendIssuedKey } from '../issued-key.ts';
import { readForm } from '../read-form.ts';
import { RequestError } from '../request-error.ts';

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
      const issued = issuedKey(res, await signIn(email));
      sendIssuedKey(res, issued, form, { user_id: issued.account.id });
    })
    .all(PATH, (_req, res) => sendMethodNotAllowed(res, ['POST']));
}
