import { Router } from 'express';
import { sendAllowedMethods, sendMethodNotAllowed, sendSuccess } from '../envelope.ts';
import { neverCache } from '../never-cache.ts';
import type { RequireApiKey } from '../require-api-key.ts';
import { userProfile } from '../user-profile.ts';

const PATH = '/api/v1/users/me';
const METHODS = ['GET', 'HEAD'];

/** `GET /api/v1/users/me`: whom the key stands for (contract 5). */
export function usersMeRoute(requireApiKey: RequireApiKey): Router {
  return Router({ caseSensitive: true, strict: true })
    .use(PATH, neverCache)
    .get(PATH, async (req, res) => {
      const account = await requireApiKey(req, res);
      sendSuccess(res, { ...userProfile(account), profile_data: {}, max_message_id: -1 });
    })
    .options(PATH, (_req, res) => sendAllowedMethods(res, METHODS))
    .all(PATH, (_req, res) => sendMethodNotAllowed(res, METHODS));
}
