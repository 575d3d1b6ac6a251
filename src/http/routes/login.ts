import { type Request, type Response, Router } from 'express';
import type { IssuedKey } from '../../keys/issue-api-key.ts';
import type { Log } from '../../ports/log.ts';
import type { Csrf } from '../csrf.ts';
import { sendMethodNotAllowed } from '../envelope.ts';
import { finishSignIn, type SignInEndings } from '../finish-sign-in.ts';
import { FOREIGN_FORM, type PageRefusal, setRetryAfter, signInRefusal } from '../pages/page-refusal.ts';
import { signInPage } from '../pages/sign-in-page.ts';
import type { PasswordSignIn } from '../password-sign-in.ts';
import { type Form, readForm } from '../read-form.ts';
import { type Otp, readOtp } from '../read-otp.ts';
import { note, noteFailure } from '../request-log.ts';

/** What the endpoint rests on. */
export interface LoginParts {
  readonly signIn: PasswordSignIn;
  /** Whether a username must be an email. */
  readonly requireEmail: boolean;
  /** Where a person sets a new password. */
  readonly passwordResetUrl: string | undefined;
  readonly csrf: Csrf;
  readonly endings: SignInEndings;
  readonly log: Log;
}

const PATH = '/accounts/login/';

/**
 * `/accounts/login/`: sign-in by username and password in a browser, for the person or for the app that
 * opened it (contract 7). It shares the budgets of `fetch_api_key`.
 */
export function loginRoute(parts: LoginParts): Router {
  return Router({ caseSensitive: true, strict: true })
    .get(PATH, async (req, res) => {
      showForm(parts, req, res, { username: '', otp: readOtp(await readForm(req)), refusal: undefined });
    })
    .post(PATH, async (req, res) => {
      const form = await readForm(req);
      const otp = readOtp(form);
      const username = form.optional('username') ?? '';
      const signedIn = parts.csrf.isGenuine(req, form)
        ? await signIn(parts, req, res, username, form)
        : foreignForm(res);
      if ('apiKey' in signedIn) await finishSignIn(parts.endings, res, signedIn, otp);
      else showForm(parts, req, res, { username, otp, refusal: signedIn });
    })
    .all(PATH, (_req, res) => sendMethodNotAllowed(res, ['GET', 'HEAD', 'POST']));
}

interface Shown {
  readonly username: string;
  readonly otp: Otp | undefined;
  readonly refusal: PageRefusal | undefined;
}

function showForm(parts: LoginParts, req: Request, res: Response, shown: Shown): void {
  const { csrf, requireEmail, passwordResetUrl, endings } = parts;
  const { refusal } = shown;
  if (refusal) setRetryAfter(res, refusal);
  const view = { ...shown, csrf: csrf.tokenFor(req, res), requireEmail, passwordResetUrl };
  endings.sendPage(res, refusal?.status ?? 200, signInPage(view));
}

function foreignForm(res: Response): PageRefusal {
  note(res, { outcome: 'foreign-form' });
  return FOREIGN_FORM;
}

/** The key of the person, or why the form comes back: an outage too, so that what was typed is not lost. */
async function signIn(
  parts: LoginParts,
  req: Request,
  res: Response,
  username: string,
  form: Form,
): Promise<IssuedKey | PageRefusal> {
  try {
    return await parts.signIn(req, res, username, form.optional('password') ?? '');
  } catch (failure) {
    const refusal = signInRefusal(failure);
    if (!refusal) throw failure;
    if (refusal.status >= 500) noteFailure(res, failure, parts.log);
    return refusal;
  }
}
