/** Where parts say what an operator should know. Never given a secret, a password, a key or a query string. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
