import { createHash } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import type { Account } from '../../ports/account-store.ts';
import { sendMethodNotAllowed, sendSuccess } from '../envelope.ts';
import type { RequireApiKey } from '../require-api-key.ts';

/** Zulip's role of a member who administers nothing. */
const MEMBER_ROLE = 400;
const METHODS = ['GET', 'HEAD'];

/** `GET /api/v1/users/me`: whom the key stands for (contract 5). */
export function usersMeRoute(requireApiKey: RequireApiKey): Router {
  return Router({ caseSensitive: true, strict: true })
    .use('/api/v1/users/me', neverCache)
    .get('/api/v1/users/me', async (req, res) => {
      sendSuccess(res, profile(await requireApiKey(req, res)));
    })
    .options('/api/v1/users/me', (_req, res) => {
      res.setHeader('Allow', METHODS.join(', '));
      res.status(204).end();
    })
    .all('/api/v1/users/me', (_req, res) => sendMethodNotAllowed(res, METHODS));
}

/** What Django's never_cache puts on every answer, whatever the method. */
const neverCache: RequestHandler = (_req, res, next) => {
  res.setHeader('Expires', new Date().toUTCString());
  res.setHeader('Cache-Control', 'max-age=0, no-cache, no-store, must-revalidate, private');
  next();
};

function profile({ id, createdAt, owner }: Account) {
  const avatar = createHash('sha256').update(owner.email.trim().toLowerCase()).digest('hex');
  return {
    email: owner.email,
    user_id: id,
    avatar_version: 1,
    is_admin: false,
    is_owner: false,
    is_guest: false,
    role: MEMBER_ROLE,
    is_bot: false,
    full_name: owner.fullName,
    timezone: '',
    is_active: true,
    date_joined: `${new Date(createdAt).toISOString().slice(0, 16)}+00:00`,
    delivery_email: owner.email,
    avatar_url: `https://secure.gravatar.com/avatar/${avatar}?d=identicon&version=1`,
    profile_data: {},
    max_message_id: -1,
  };
}
