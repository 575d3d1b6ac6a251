/** Result codes of RFC 4511 (A.1) that tell which setting to change, by their names there. */
export const RESULT = {
  operationsError: 1,
  strongerAuthRequired: 8,
  confidentialityRequired: 13,
  constraintViolation: 19,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  unwillingToPerform: 53,
} as const;

/** Whether a server asks for TLS by this result to a bind. */
export function asksForTls(code: number | undefined): boolean {
  return code === RESULT.strongerAuthRequired || code === RESULT.confidentialityRequired;
}
