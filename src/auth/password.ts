/**
 * Whether a password may reach a directory. One of only white space would be an unauthenticated bind to
 * some (RFC 4513, 5.1.2), which succeeds; one with a control character may be cut off there.
 */
export function isFitPassword(password: string): boolean {
  return password.trim() !== '' && !/\p{Cc}/u.test(password);
}
