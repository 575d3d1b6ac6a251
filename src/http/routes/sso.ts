import { type Response, Router } from 'express';
import type { VouchedSignIn } from '../../auth/vouched-sign-in.ts';
import { sendMethodNotAllowed } from '../envelope.ts';
import { finishSignIn, type SignInEndings } from '../finish-sign-in.ts';
import { type RefusedSignIn, refusedSignIn } from '../issued-key.ts';
import { messagePage } from '../pages/message-page.ts';
import { setRetryAfter, signInRefusal } from '../pages/page-refusal.ts';
import { readForm } from '../read-form.ts';
import { readOtp } from '../read-otp.ts';
import { redirect } from '../redirect.ts';
import { note } from '../request-log.ts';
import type { ReadVouchedName } from '../vouched-name.ts';

/** What the endpoints rest on. */
export interface SsoParts {
  readonly readVouchedName: ReadVouchedName;
  /** By the name that the gateway names. */
  readonly vouchedSignIn: VouchedSignIn;
  readonly endings: SignInEndings;
}

const START = '/accounts/login/start/sso/';
const PATH = '/accounts/login/sso/';
const METHODS = ['GET', 'HEAD'];

/**
 * `/accounts/login/sso/`: sign-in of a person whom a trusted gateway has signed in already;
 * `/accounts/login/start/sso/`, which apps open, leads there with its query (contract 7).
 */
export function ssoRoutes({ readVouchedName, vouchedSignIn, endings }: SsoParts): Router {
  return Router({ caseSensitive: true, strict: true })
    .get(START, (req, res) => redirect(res, 302, PATH + queryOf(req.originalUrl)))
    .get(PATH, async (req, res) => {
      const name = readVouchedName(req);
      if (name === undefined) {
        note(res, { outcome: 'not-vouched-for' });
        endings.sendPage(res, 401, NOT_VOUCHED_FOR);
        return;
      }
      const otp = readOtp(await readForm(req));
      const signedIn = await vouchedSignIn(name);
      if ('issued' in signedIn) await finishSignIn(endings, res, signedIn.issued, otp);
      else refuse(endings, res, signedIn);
    })
    .all([START, PATH], (_req, res) => sendMethodNotAllowed(res, METHODS));
}

const NOT_VOUCHED_FOR = messagePage(
  'Not signed in by the gateway',
  'The gateway of your organization did not say who you are, so you were not signed in by the gateway. Please sign in there first.',
);

/** No password was typed here, so none can be incorrect. */
function refuse({ sendPage }: SignInEndings, res: Response, refused: RefusedSignIn): void {
  const failure = refusedSignIn(res, refused);
  const refusal = signInRefusal(failure);
  if (!refusal) throw failure;
  const isTold = refusal.status !== 401 || !('code' in failure) || failure.code !== 'AUTHENTICATION_FAILED';
  const message = isTold ? refusal.message : 'The gateway has signed you in, but you have no account here.';
  setRetryAfter(res, refusal);
  sendPage(res, refusal.status, messagePage('You cannot sign in', message));
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}
