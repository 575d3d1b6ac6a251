import type { Principal } from '../ports/principal.ts';

/** Whether `email` is one of the person's own, in any case and Unicode form: a login name that reads as one is none. */
export function hasEmail({ emails }: Principal, email: string): boolean {
  const wanted = fold(email);
  return emails.some((one) => fold(one) === wanted);
}

function fold(email: string): string {
  return email.normalize('NFC').toLowerCase();
}
