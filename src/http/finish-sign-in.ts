import type { Response } from 'express';
import type { DesktopTokens } from '../auth/desktop-token.ts';
import type { PageSessions } from '../auth/page-session.ts';
import type { IssuedKey } from '../keys/issue-api-key.ts';
import type { Account } from '../ports/account-store.ts';
import { DESKTOP_IV_BYTES, sealDesktopToken } from './desktop-otp.ts';
import { mobileAppUrl } from './mobile-otp.ts';
import type { PageCookie } from './page-cookie.ts';
import { desktopTokenPage } from './pages/desktop-token-page.ts';
import type { SendPage } from './pages/send-page.ts';
import type { Otp } from './read-otp.ts';
import { redirect } from './redirect.ts';
import { note } from './request-log.ts';

/** What the endings of a sign-in rest on; `randomBytes` from the CSPRNG. */
export interface SignInEndings {
  readonly sessions: PageSessions;
  readonly sessionCookie: PageCookie;
  readonly desktopTokens: DesktopTokens;
  readonly sendPage: SendPage;
  /** The realm's URL as `server_settings` names it. */
  readonly publicUrl: string;
  readonly randomBytes: (size: number) => Buffer;
}

/** Sign the browser in, and show the person their account. Throws `Unavailable`. */
export async function beginSession(
  { sessions, sessionCookie }: Pick<SignInEndings, 'sessions' | 'sessionCookie'>,
  res: Response,
  account: Account,
  location = '/account',
): Promise<void> {
  sessionCookie.set(res, await sessions.open(account));
  redirect(res, 303, location);
}

/**
 * What follows on a sign-in. An app that waits gets what it needs and the browser nothing; without one, the
 * browser is signed in. Throws `Unavailable`.
 */
export async function finishSignIn(
  endings: SignInEndings,
  res: Response,
  issued: IssuedKey,
  otp: Otp | undefined,
): Promise<void> {
  const { account } = issued;
  note(res, { outcome: 'accepted', userId: account.id });
  switch (otp?.flow) {
    case 'mobile_flow_otp':
      redirect(res, 302, mobileAppUrl(issued, otp.pad, endings.publicUrl));
      break;
    case 'desktop_flow_otp': {
      const token = await endings.desktopTokens.issue(account);
      const sealed = sealDesktopToken(token, otp.pad, endings.randomBytes(DESKTOP_IV_BYTES));
      endings.sendPage(res, 200, desktopTokenPage(sealed));
      break;
    }
    case undefined:
      await beginSession(endings, res, account);
  }
}
