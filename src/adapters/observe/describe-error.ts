import { isNativeError } from 'node:util/types';

/** What a log says of an error. */
export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  /** What Node or a client library calls it, such as ECONNREFUSED or a result code. */
  readonly code?: string | number;
  readonly cause?: ErrorDescription;
  /** The failures that an AggregateError gathers. */
  readonly causes?: readonly ErrorDescription[];
}

/** How many causes deep a description goes. */
const MAX_DEPTH = 5;

/** The error's class, message, code and causes, and nothing else that hangs on it. */
export function describeError(error: unknown, depth: number = MAX_DEPTH): ErrorDescription {
  if (!isNativeError(error)) return { type: typeof error, message: 'not an error' };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(depth > 0 && error.cause !== undefined && { cause: describeError(error.cause, depth - 1) }),
    ...(depth > 0 &&
      error instanceof AggregateError && {
        causes: error.errors.map((one) => describeError(one, depth - 1)),
      }),
  };
}
