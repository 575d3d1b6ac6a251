import { Router } from 'express';
import { hasDesktopTokenShape } from '../../auth/desktop-token.ts';
import { sendMethodNotAllowed } from '../envelope.ts';
import { beginSession, type SignInEndings } from '../finish-sign-in.ts';
import { messagePage } from '../pages/message-page.ts';
import { note } from '../request-log.ts';

const PREFIX = '/accounts/login/subdomain';

const EXPIRED = messagePage(
  'This sign-in has expired',
  'The token was used before, or it is too late for it. Please begin again in the app.',
);

/** `GET /accounts/login/subdomain/<token>`: a desktop app brings its token, and is signed in (contract 7.2). */
export function desktopTokenRoute(endings: SignInEndings): Router {
  return Router({ caseSensitive: true, strict: true }).use(PREFIX, async (req, res) => {
    // HEAD must not take the token from the GET that follows.
    if (req.method !== 'GET') {
      sendMethodNotAllowed(res, ['GET']);
      return;
    }
    const [path = ''] = req.url.split('?', 1);
    const token = path.slice(1);
    res.setHeader('Cache-Control', 'no-store');
    if (!hasDesktopTokenShape(token)) {
      note(res, { outcome: 'malformed-token' });
      res.status(400).end();
      return;
    }
    const account = await endings.desktopTokens.redeem(token);
    note(res, account ? { outcome: 'accepted', userId: account.id } : { outcome: 'unknown-token' });
    if (account) await beginSession(endings, res, account);
    else endings.sendPage(res, 400, EXPIRED);
  });
}
