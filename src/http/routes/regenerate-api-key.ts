import { Router } from 'express';
import type { RegenerateApiKey } from '../../keys/regenerate-api-key.ts';
import { sendAllowedMethods, sendMethodNotAllowed, sendSuccess } from '../envelope.ts';
import { keyError } from '../error-handler.ts';
import { neverCache } from '../never-cache.ts';
import { note } from '../request-log.ts';
import type { RequireApiKey } from '../require-api-key.ts';

const PATH = '/api/v1/users/me/api_key/regenerate';
const METHODS = ['POST'];

/** `POST /api/v1/users/me/api_key/regenerate`: a new key for the owner of the old one, which dies (contract 4.1). */
export function regenerateApiKeyRoute(
  requireApiKey: RequireApiKey,
  regenerateApiKey: RegenerateApiKey,
): Router {
  return Router({ caseSensitive: true, strict: true })
    .use(PATH, neverCache)
    .post(PATH, async (req, res) => {
      const issued = await regenerateApiKey(await requireApiKey(req, res));
      if (!issued) {
        // The key was good when it was presented, and is dead now: the same answer as a moment later.
        note(res, { outcome: 'unknown-key' });
        res.setHeader('WWW-Authenticate', 'Basic realm="zulip"');
        throw keyError('unknown-key');
      }
      sendSuccess(res, { api_key: issued.apiKey });
    })
    .options(PATH, (_req, res) => sendAllowedMethods(res, METHODS))
    .all(PATH, (_req, res) => sendMethodNotAllowed(res, METHODS));
}
