import { Router } from 'express';
import { sendMethodNotAllowed } from '../envelope.ts';
import { sendIssuedKey } from '../issued-key.ts';
import type { PasswordSignIn } from '../password-sign-in.ts';
import { readForm } from '../read-form.ts';

const PATH = '/api/v1/fetch_api_key';

/** `POST /api/v1/fetch_api_key`: username and password in, API key out (contract 1). */
export function fetchApiKeyRoute(signIn: PasswordSignIn): Router {
  return Router({ caseSensitive: true, strict: true })
    .post(PATH, async (req, res) => {
      const form = await readForm(req);
      const username = form.require('username');
      const password = form.require('password');
      res.setHeader('Cache-Control', 'no-store');
      const issued = await signIn(req, res, username, password);
      sendIssuedKey(res, issued, form, { user_id: issued.account.id });
    })
    .all(PATH, (_req, res) => sendMethodNotAllowed(res, ['POST']));
}
