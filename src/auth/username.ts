import { isTooLongForAName } from '../keys/canonical-name.ts';

/**
 * Control characters, line and paragraph separators, lone surrogates and unassigned code points; and what
 * is invisible by default: zero-width, bidirectional, soft hyphen, fillers. Directories drop some of these
 * when they compare (slapd by RFC 4518, 2.2; others a trailing NUL), so that two names would be one person.
 */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** The username as it may be searched for: NFC and trimmed; `undefined` where it must not reach a directory. */
export function readUsername(typed: string): string | undefined {
  if (isTooLongForAName(typed) || UNFIT.test(typed)) return undefined;
  const username = typed.normalize('NFC').trim();
  return username === '' ? undefined : username;
}
