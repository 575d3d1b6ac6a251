import type { Principal } from '../ports/principal.ts';
import { foldEmail } from './fold-email.ts';

/** Whether `email` is one of the person's own, in any case and Unicode form: a login name that reads as one is none. */
export function hasEmail({ emails }: Principal, email: string): boolean {
  const wanted = foldEmail(email);
  return emails.some((one) => foldEmail(one) === wanted);
}
