import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

/** A cookie of the pages: out of reach for scripts, and not sent along with other sites' forms. */
export interface PageCookie {
  /** What the browser holds; `undefined`: nothing that could be one of our values. */
  read(req: Request): string | undefined;
  /** Give the browser a value, 43 characters of base64url. */
  set(res: Response, value: string): void;
  /** Have the browser forget it. */
  clear(res: Response): void;
}

/** How the browser keeps a cookie. */
export interface PageCookieOptions {
  /** Whether the realm is on https: then the cookie never travels in clear, and no other host may plant it. */
  readonly isSecure: boolean;
  /** `undefined`: as long as the browser is open. */
  readonly maxAgeMs: number | undefined;
}

/** 32 bytes in base64url. */
const SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** Describe the cookie `name`; on https with the prefix `__Host-` (RFC 6265bis, 4.1.3.2). */
export function createPageCookie(name: string, { isSecure, maxAgeMs }: PageCookieOptions): PageCookie {
  const fullName = isSecure ? `__Host-${name}` : name;
  const write = (res: Response, value: string, lasting: Pick<SetCookie, 'maxAge'>) => {
    const kept = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure } as const;
    res.append('Set-Cookie', stringifySetCookie({ name: fullName, value, ...kept, ...lasting }));
  };
  return {
    read(req) {
      const value = parseCookie(req.headers.cookie ?? '')[fullName];
      return value !== undefined && SHAPE.test(value) ? value : undefined;
    },
    set: (res, value) => write(res, value, maxAgeMs === undefined ? {} : { maxAge: maxAgeMs / 1000 }),
    clear: (res) => write(res, '', { maxAge: 0 }),
  };
}
