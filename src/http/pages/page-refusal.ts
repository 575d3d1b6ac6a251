import type { Response } from 'express';
import { Unacknowledged, Unavailable } from '../../errors.ts';
import { RETRY_AFTER_SECONDS } from '../error-handler.ts';
import { RateLimited, RequestError } from '../request-error.ts';

/** Why a form came back, as its page says it. */
export interface PageRefusal {
  readonly status: number;
  readonly message: string;
  /** The field that is to be put right; `undefined`: none is wrong. */
  readonly field?: 'username' | 'password' | 'confirm';
  /** Whether a new password would help. */
  readonly offersReset?: boolean;
  /** When to try again, in seconds. */
  readonly retryAfter?: number;
}

/** A form that was on no page of ours, or on one given to another browser. */
export const FOREIGN_FORM: PageRefusal = {
  status: 403,
  message: 'This page was open for too long, or the form came from elsewhere. Please try again.',
};

/** What a refused or failed sign-in is to the person; `undefined` for a failure that is not theirs to know. */
export function signInRefusal(failure: unknown): PageRefusal | undefined {
  if (failure instanceof RateLimited) {
    const retryAfter = Math.ceil(failure.retryAfterMs / 1000);
    return {
      status: 429,
      message: `Too many attempts. You can try again in ${waitInWords(retryAfter)}.`,
      retryAfter,
    };
  }
  if (failure instanceof Unavailable) {
    const message =
      failure instanceof Unacknowledged
        ? `${failure.message}.`
        : 'Sign-in is not available right now. Your password was not judged; please try again later.';
    return { status: 503, message, retryAfter: RETRY_AFTER_SECONDS };
  }
  if (!(failure instanceof RequestError)) return undefined;
  const { status, onPages: message, code } = failure;
  return {
    status,
    message,
    field: status === 400 ? 'username' : 'password',
    offersReset: code === 'PASSWORD_RESET_REQUIRED',
  };
}

/** Say to machines too when to try again. */
export function setRetryAfter(res: Response, { retryAfter }: PageRefusal): void {
  if (retryAfter !== undefined) res.setHeader('Retry-After', retryAfter);
}

function waitInWords(seconds: number): string {
  const [count, unit] = seconds < 60 ? [Math.max(1, seconds), 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
