import { createHash } from 'node:crypto';
import type { Account } from '../ports/account-store.ts';
import type { Fields } from './envelope.ts';

/** Zulip's role of a member who administers nothing. */
const MEMBER_ROLE = 400;

/** The account as a user in Zulip's `GET /users`, without custom profile fields (contract 5, `format_user_row`). */
export function userProfile({ id, createdAt, owner }: Account): Fields {
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
  };
}
