/** An email, or a domain of emails, as they are compared: without case, in one Unicode form. */
export function foldEmail(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
