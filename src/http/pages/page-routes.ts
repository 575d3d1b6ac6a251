import { Router } from 'express';
import type { DesktopTokens } from '../../auth/desktop-token.ts';
import { PAGE_SESSION_MS, type PageSessions } from '../../auth/page-session.ts';
import type { VouchedSignIn } from '../../auth/vouched-sign-in.ts';
import type { Log } from '../../ports/log.ts';
import { createCsrf } from '../csrf.ts';
import { createPageCookie } from '../page-cookie.ts';
import type { PasswordSignIn } from '../password-sign-in.ts';
import { type AccountParts, accountRoutes } from '../routes/account.ts';
import { desktopTokenRoute } from '../routes/desktop-token.ts';
import { loginRoute } from '../routes/login.ts';
import { pageAssetsRoute } from '../routes/page-assets.ts';
import { ssoRoutes } from '../routes/sso.ts';
import { createReadVouchedName, type GatewayTrust } from '../vouched-name.ts';
import { readPageAssets } from './page-assets.ts';
import { createPageErrorHandler } from './page-error-handler.ts';
import { createSendPage } from './send-page.ts';

/** What the pages rest on; `randomBytes` from the CSPRNG. */
export interface PageParts extends Pick<AccountParts, 'currentKey' | 'regenerateApiKey'> {
  readonly passwordSignIn: PasswordSignIn;
  readonly vouchedSignIn: VouchedSignIn;
  readonly sessions: PageSessions;
  readonly desktopTokens: DesktopTokens;
  /** HMAC of what a browser holds, under a label of its own. */
  readonly csrfDigest: (value: string) => string;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: Log;
}

/** How the pages behave. */
export interface PageOptions {
  readonly realm: { readonly name: string; readonly publicUrl: string; readonly requireEmail: boolean };
  readonly passwordResetUrl: string | undefined;
  /** `undefined`: nobody vouches for anybody, and the endpoints for it do not exist. */
  readonly sso: GatewayTrust | undefined;
}

/** Join the pages: the sign-in and its endings, the account, and what they look like. */
export function pageRoutes(parts: PageParts, { realm, ...options }: PageOptions): Router {
  const { randomBytes, log } = parts;
  const { publicUrl, requireEmail } = realm;
  const assets = readPageAssets();
  const sendPage = createSendPage({ realmName: realm.name, assets });
  const isSecure = publicUrl.startsWith('https:');
  const sessionCookie = createPageCookie('latchkey_session', { isSecure, maxAgeMs: PAGE_SESSION_MS });
  const csrf = createCsrf({
    cookie: createPageCookie('latchkey_csrf', { isSecure, maxAgeMs: undefined }),
    digest: parts.csrfDigest,
    randomBytes,
    publicUrl,
  });
  const endings = { ...parts, sessionCookie, sendPage, publicUrl };

  const router = Router({ caseSensitive: true, strict: true });
  router.use(pageAssetsRoute(assets));
  router.use(loginRoute({ ...parts, ...options, signIn: parts.passwordSignIn, requireEmail, csrf, endings }));
  router.use(desktopTokenRoute(endings));
  if (options.sso) {
    const readVouchedName = createReadVouchedName(options.sso);
    router.use(ssoRoutes({ ...parts, readVouchedName, endings }));
  }
  router.use(accountRoutes({ ...parts, sessionCookie, csrf, sendPage, publicUrl }));
  router.use(createPageErrorHandler(sendPage, log));
  return router;
}
