import { Router } from 'express';
import { sendMethodNotAllowed, sendSuccess } from '../envelope.ts';
import { neverCache } from '../never-cache.ts';
import type { RequireApiKey } from '../require-api-key.ts';
import { userProfile } from '../user-profile.ts';

const METHODS = ['GET', 'HEAD'];

/** `GET /api/v1/users/me`: whom the key stands for (contract 5). */
export function usersMeRoute(requireApiKey: RequireApiKey): Router {
  return Router({ caseSensitive: true, strict: true })
    .use('/api/v1/users/me', neverCache)
    .get('/api/v1/users/me', async (req, res) => {
      const account = await requireApiKey(req, res);
      sendSuccess(res, { ...userProfile(account), profile_data: {}, max_message_id: -1 });
    })
    .options('/api/v1/users/me', (_req, res) => {
      res.setHeader('Allow', METHODS.join(', '));
      res.status(204).end();
    })
    .all('/api/v1/users/me', (_req, res) => sendMethodNotAllowed(res, METHODS));
}
