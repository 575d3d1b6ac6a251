import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';
import { sendMethodNotAllowed } from '../envelope.ts';
import { sendIssuedKey } from '../issued-key.ts';
import type { PasswordSignIn } from '../password-sign-in.ts';
import type { BodiedRequest } from '../read-body.ts';
import { readForm } from '../read-form.ts';

/** Answers a request whose body has been read. Throws the error that answers a refusal, and what `PasswordSignIn` throws. */
export type FetchApiKeyHandler = (req: BodiedRequest, res: ServerResponse) => Promise<void>;

const PATH = '/api/v1/fetch_api_key';

/** Whether a request is for the endpoint as every client writes it; whatever else may mean it is Express's to tell. */
export function isFetchApiKeyRequest({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && (url === PATH || url.startsWith(`${PATH}?`));
}

/** `POST /api/v1/fetch_api_key`: username and password in, API key out (contract 1). */
export function createFetchApiKeyHandler(signIn: PasswordSignIn): FetchApiKeyHandler {
  return async (req, res) => {
    const form = await readForm(req);
    const username = form.require('username');
    const password = form.require('password');
    res.setHeader('Cache-Control', 'no-store');
    const issued = await signIn(req, res, username, password);
    sendIssuedKey(res, issued, form, { user_id: issued.account.id });
  };
}

/** The endpoint's place in Express, for what did not go ahead of it. */
export function fetchApiKeyRoute(handler: FetchApiKeyHandler): Router {
  return Router({ caseSensitive: true, strict: true })
    .post(PATH, handler)
    .all(PATH, (_req, res) => sendMethodNotAllowed(res, ['POST']));
}
