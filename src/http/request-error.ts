import type { Fields } from './envelope.ts';

/** A request that cannot be served as it is, with its answer in Zulip's envelope. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly fields: Fields;
  /** What our own pages say, where the contract has no words for it. */
  readonly onPages: string;

  constructor(
    status: number,
    message: string,
    code: string | undefined = 'BAD_REQUEST',
    fields: Fields = {},
    onPages = message,
  ) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.onPages = onPages;
  }
}

/** Too many attempts: Zulip's 429. */
export class RateLimited extends Error {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('API usage exceeded rate limit');
    this.name = 'RateLimited';
    this.retryAfterMs = retryAfterMs;
  }
}

/** The refusal of a request that is not what HTTP or its own head says. */
export function malformed(): RequestError {
  return new RequestError(400, 'Malformed request');
}
