import { type Request, type Response, Router } from 'express';
import type { PageSessions } from '../../auth/page-session.ts';
import type { IssuedKey } from '../../keys/issue-api-key.ts';
import type { Account } from '../../ports/account-store.ts';
import type { Csrf } from '../csrf.ts';
import { sendMethodNotAllowed } from '../envelope.ts';
import { beginSession } from '../finish-sign-in.ts';
import type { PageCookie } from '../page-cookie.ts';
import { accountPage } from '../pages/account-page.ts';
import { FOREIGN_FORM, type PageRefusal } from '../pages/page-refusal.ts';
import type { SendPage } from '../pages/send-page.ts';
import { type Form, readForm } from '../read-form.ts';
import { redirect } from '../redirect.ts';
import { note } from '../request-log.ts';
import { zuliprc } from '../zuliprc.ts';

/** What the endpoints rest on. */
export interface AccountParts {
  readonly sessions: PageSessions;
  readonly sessionCookie: PageCookie;
  readonly csrf: Csrf;
  /** The key of an account, derived again; `undefined` where its secret has left the ring. */
  readonly currentKey: (account: Account) => string | undefined;
  /** Gives the account a new key; `undefined` where another request has just done so. */
  readonly regenerateApiKey: (account: Account) => Promise<IssuedKey | undefined>;
  readonly sendPage: SendPage;
  /** The realm's URL as clients see it. */
  readonly publicUrl: string;
}

const LOGIN = '/accounts/login/';
const FORMS = ['/account/zuliprc', '/account/regenerate', '/account/sign-out'];
/** What the query says right after a new key was made. */
const NEW_KEY = 'new-key';

const UNCONFIRMED: PageRefusal = {
  status: 400,
  message: 'Tick the box to confirm that you want a new key.',
  field: 'confirm',
};

/** `/account`: a person sees whose key it is, the key, and gets it as a file or anew. */
export function accountRoutes(parts: AccountParts): Router {
  const { sessions, sessionCookie, regenerateApiKey, sendPage, publicUrl } = parts;
  return Router({ caseSensitive: true, strict: true })
    .get('/account', async (req, res) => {
      const issued = await signedIn(parts, req, res);
      if (!issued) return;
      const isNew = req.originalUrl.split('?')[1] === NEW_KEY;
      const view = { issued, isNew, refusal: undefined, csrf: parts.csrf.tokenFor(req, res) };
      sendPage(res, 200, accountPage(view));
    })
    .post(
      '/account/zuliprc',
      whenGenuine(parts, async (_req, res, issued) => {
        res.setHeader('Content-Disposition', 'attachment; filename="zuliprc"');
        res.setHeader('Content-Type', 'application/octet-stream');
        res.setHeader('Cache-Control', 'no-store');
        res.end(zuliprc(issued, publicUrl));
      }),
    )
    .post(
      '/account/regenerate',
      whenGenuine(parts, async (req, res, issued, form) => {
        if (form.optional('confirm') !== 'yes') {
          showAgain(parts, req, res, issued, UNCONFIRMED);
          return;
        }
        const renewed = await regenerateApiKey(issued.account);
        // Whoever made the other new key ended this session by it.
        if (renewed) await beginSession(parts, res, renewed.account, `/account?${NEW_KEY}`);
        else redirect(res, 303, LOGIN);
      }),
    )
    .post(
      '/account/sign-out',
      whenGenuine(parts, async (req, res) => {
        await sessions.close(sessionCookie.read(req) ?? '');
        sessionCookie.clear(res);
        redirect(res, 303, LOGIN);
      }),
    )
    .all('/account', (_req, res) => sendMethodNotAllowed(res, ['GET', 'HEAD']))
    .all(FORMS, (_req, res) => sendMethodNotAllowed(res, ['POST']));
}

type Act = (req: Request, res: Response, issued: IssuedKey, form: Form) => Promise<void>;

/** Act for the person who is signed in, on a form that was theirs to send. */
function whenGenuine(parts: AccountParts, act: Act) {
  return async (req: Request, res: Response): Promise<void> => {
    const form = await readForm(req);
    const issued = await signedIn(parts, req, res);
    if (!issued) return;
    if (parts.csrf.isGenuine(req, form)) {
      await act(req, res, issued, form);
      return;
    }
    note(res, { outcome: 'foreign-form' });
    showAgain(parts, req, res, issued, FOREIGN_FORM);
  };
}

function showAgain(
  parts: AccountParts,
  req: Request,
  res: Response,
  issued: IssuedKey,
  refusal: PageRefusal,
): void {
  const view = { issued, isNew: false, refusal, csrf: parts.csrf.tokenFor(req, res) };
  parts.sendPage(res, refusal.status, accountPage(view));
}

/** Whose browser it is, with their key; where it is nobody's it has been sent to the sign-in page. */
async function signedIn(parts: AccountParts, req: Request, res: Response): Promise<IssuedKey | undefined> {
  const { sessions, sessionCookie, currentKey } = parts;
  const id = sessionCookie.read(req);
  const account = id === undefined ? undefined : await sessions.accountOf(id);
  const apiKey = account && currentKey(account);
  if (account && apiKey !== undefined) {
    note(res, { outcome: 'accepted', userId: account.id });
    return { account, apiKey };
  }
  note(res, { outcome: 'no-session' });
  redirect(res, 303, LOGIN);
  return undefined;
}
