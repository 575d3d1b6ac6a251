import type { Request, Response } from 'express';
import type { PageCookie } from './page-cookie.ts';
import type { Form } from './read-form.ts';
import { isSameText } from './same-text.ts';

/** Keeps other sites from sending our forms in a person's name. */
export interface Csrf {
  /** The token for the forms of this answer's page; gives the browser the cookie that it is made from. */
  tokenFor(req: Request, res: Response): string;
  /** Whether the form was on a page that this browser was given, and is sent from there. */
  isGenuine(req: Request, form: Form): boolean;
}

/** What tokens rest on; `randomBytes` from the CSPRNG. */
export interface CsrfParts {
  readonly cookie: PageCookie;
  /** HMAC of a cookie's value under a label of its own. */
  readonly digest: (value: string) => string;
  readonly randomBytes: (size: number) => Buffer;
  /** Scheme and host as browsers see them. */
  readonly publicUrl: string;
}

const COOKIE_BYTES = 32;

/** A form's field `csrf` is the HMAC of its browser's cookie: nothing need be kept. */
export function createCsrf({ cookie, digest, randomBytes, publicUrl }: CsrfParts): Csrf {
  const { origin } = new URL(publicUrl);
  return {
    tokenFor(req, res) {
      const held = cookie.read(req);
      const value = held ?? randomBytes(COOKIE_BYTES).toString('base64url');
      if (held === undefined) cookie.set(res, value);
      return digest(value);
    },
    isGenuine(req, form) {
      const held = cookie.read(req);
      const sent = form.optional('csrf');
      if (held === undefined || sent === undefined || isFromElsewhere(req, origin)) return false;
      return isSameText(digest(held), sent);
    },
  };
}

/** Under `Referrer-Policy: no-referrer` a browser calls the origin of our own forms `null`. */
function isFromElsewhere({ headers }: Request, own: string): boolean {
  const { origin = own } = headers;
  return headers['sec-fetch-site'] === 'cross-site' || (origin !== own && origin !== 'null');
}
