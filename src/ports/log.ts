/** Where parts say what an operator should know. Never given a secret, a password, a key or a query string. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the log says of a request and its answer. */
export interface RequestLine {
  /** As the answer's `X-Request-Id` has it. */
  readonly requestId: string;
  readonly method: string | undefined;
  /** What the endpoint is called. */
  readonly path: string;
  /** The answer's; `aborted`: the client was gone before it was out. */
  readonly status: number | 'aborted';
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** What was decided: `accepted`, a refusal's name, or the part that did not answer. */
  readonly outcome?: string | undefined;
  /** Whose request it was. */
  readonly userId?: number | undefined;
  /** HMAC of the name that was typed. */
  readonly nameDigest?: string | undefined;
  /** Login name of a person whom a directory knows. */
  readonly username?: string | undefined;
  /** The client's, an IPv6 one by its /64, of a verification that was refused. */
  readonly address?: string | undefined;
}

/** Writes the line of a request: an `info` whose message is `request`. */
export type WriteLine = (line: RequestLine) => void;

/** A log that has a line for each request, too: there are as many of them as of all others together, and more. */
export interface RequestLog extends Log {
  readonly request: WriteLine;
  /** The same for a gateway's question, which may come with every request of every user: of many alike only some are written. */
  readonly verification: WriteLine;
}
