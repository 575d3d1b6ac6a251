/** What a directory's attributes may hold that a terminal would obey, or show in another order. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text for a line on a terminal: what is not to be seen stands as U+FFFD. */
export function printable(text: string): string {
  return text.replace(UNFIT, '\uFFFD');
}

/** A moment in ISO 8601, UTC; `never` for 0. @param ms milliseconds since 1970 */
export function moment(ms: number): string {
  return ms === 0 ? 'never' : new Date(ms).toISOString();
}
