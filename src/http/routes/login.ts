import { type Request, type Response, Router } from 'express';
import type { FetchApiKey } from '../../auth/fetch-api-key.ts';
import type { IssuedKey } from '../../keys/issue-api-key.ts';
import type { Budget } from '../../ports/attempt-counter.ts';
import type { Log } from '../../ports/log.ts';
import type { Csrf } from '../csrf.ts';
import { isEmail } from '../email-format.ts';
import { sendMethodNotAllowed } from '../envelope.ts';
import { RequestError, signInError } from '../error-handler.ts';
import { finishSignIn, type SignInEndings } from '../finish-sign-in.ts';
import { optionalField } from '../optional-field.ts';
import { FOREIGN_FORM, type PageRefusal, setRetryAfter, signInRefusal } from '../pages/page-refusal.ts';
import { signInPage } from '../pages/sign-in-page.ts';
import { type AdmitAddress, setBudgetHeaders } from '../rate-limit.ts';
import { type Form, readForm } from '../read-form.ts';
import { type Otp, readOtp } from '../read-otp.ts';
import { note, noteFailure } from '../request-log.ts';

/** What the endpoint rests on. */
export interface LoginParts {
  readonly fetchApiKey: FetchApiKey;
  readonly admitAddress: AdmitAddress;
  /** The budget that `X-RateLimit-*` shows. */
  readonly perUsername: Budget;
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
      const username = optionalField(form, 'username') ?? '';
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
    return await fetchKey(parts, req, res, username, optionalField(form, 'password') ?? '');
  } catch (failure) {
    const refusal = signInRefusal(failure);
    if (!refusal) throw failure;
    if (refusal.status >= 500) noteFailure(res, failure, parts.log);
    return refusal;
  }
}

async function fetchKey(
  { fetchApiKey, admitAddress, perUsername, requireEmail }: LoginParts,
  req: Request,
  res: Response,
  username: string,
  password: string,
): Promise<IssuedKey> {
  if (requireEmail && !isEmail(username)) throw new RequestError(400, 'Enter a valid email address.');
  const fetched = await fetchApiKey({ username, password, admission: admitAddress(req, res) });
  setBudgetHeaders(res, perUsername, fetched.budget);
  if ('issued' in fetched) return fetched.issued;
  const { refusal: outcome, nameDigest, principal } = fetched;
  note(res, { outcome, nameDigest, ...(principal && { username: principal.username }) });
  throw signInError(outcome, fetched.retryAfterMs ?? 0);
}
