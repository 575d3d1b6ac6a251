import { Router } from 'express';
import type { Directory } from '../../ports/directory.ts';
import { sendSuccess } from '../envelope.ts';

/** How many people are listed at most. */
const LIMIT = 100;

/**
 * `GET /api/v1/dev_list_users`, or any other method: whom `dev_fetch_api_key` serves (contract 3.2), by their
 * first email, sorted. Nobody administers anything here. To be mounted in development alone; elsewhere the
 * path is not there.
 * @param publicUrl the realm's URL as clients see it
 */
export function devListUsersRoute(directory: Pick<Directory, 'list'>, publicUrl: string): Router {
  return Router({ caseSensitive: true, strict: true }).all('/api/v1/dev_list_users', async (_req, res) => {
    const people = await directory.list(LIMIT);
    const emails = people.flatMap((person) => person.emails.slice(0, 1)).sort();
    res.setHeader('Cache-Control', 'no-store');
    sendSuccess(res, {
      direct_admins: [],
      direct_users: emails.map((email) => ({ email, realm_url: publicUrl })),
    });
  });
}
