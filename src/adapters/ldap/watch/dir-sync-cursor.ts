import { Unavailable } from '../../../errors.ts';

const MARK = 'dirSync ';
/** A cookie grows with the number of domain controllers, by some 30 bytes each. */
const MAX_BYTES = 65_536;

/** The cookie in a cursor; `undefined`: there is none, or the cursor is another kind of watch's. */
export function readCursor(cursor: string | undefined): Buffer | undefined {
  if (!cursor?.startsWith(MARK)) return undefined;
  const cookie = Buffer.from(cursor.slice(MARK.length), 'base64');
  return cookie.length === 0 ? undefined : cookie;
}

/**
 * The cursor for a cookie.
 * @throws {Unavailable} where it is too large to be kept
 */
export function writeCursor(cookie: Buffer): string {
  if (cookie.length > MAX_BYTES) {
    throw new Unavailable(
      'directory',
      `DirSync gave a cookie of ${cookie.length} bytes: more than the limit`,
    );
  }
  return MARK + cookie.toString('base64');
}
