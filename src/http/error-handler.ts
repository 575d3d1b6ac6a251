import type { ServerResponse } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { type KeyRefusal, type SignInRefusal, Unacknowledged, Unavailable } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import { sendError } from './envelope.ts';
import { malformed, RateLimited, RequestError } from './request-error.ts';
import { noteFailure } from './request-log.ts';

/** How long a client should wait before it tries again when a part is away, in seconds. */
export const RETRY_AFTER_SECONDS = 5;

interface Answer {
  readonly status: number;
  readonly msg: string;
  readonly code: string;
  readonly onPages?: string;
}

const incorrect: Answer = {
  status: 401,
  msg: 'Your username or password is incorrect',
  code: 'AUTHENTICATION_FAILED',
};
const deactivated: Answer = { status: 401, msg: 'Account is deactivated', code: 'USER_DEACTIVATED' };
const reset: Answer = {
  status: 401,
  msg: 'Your password has been disabled and needs to be reset',
  code: 'PASSWORD_RESET_REQUIRED',
};
const invalidKey: Answer = { status: 401, msg: 'Invalid API key', code: 'UNAUTHORIZED' };

/**
 * What each refusal of a sign-in is to the person (contract 1.5). Only what a directory says after it has
 * accepted the password is told; all else is one answer, so that it tells nothing.
 */
const signInAnswers: Record<SignInRefusal, Answer> = {
  'unknown-user': incorrect,
  ambiguous: incorrect,
  'wrong-password': incorrect,
  'no-email': incorrect,
  'shared-email': incorrect,
  'account-disabled': deactivated,
  'account-expired': deactivated,
  'account-inactivated': incorrect,
  'account-locked': incorrect,
  'password-expired': reset,
  'password-must-change': reset,
  'outside-logon-hours': { ...incorrect, onPages: 'Your account may not sign in at this time.' },
  'other-workstation': incorrect,
  'not-permitted': incorrect,
  'malformed-username': incorrect,
  'malformed-password': incorrect,
  'api-key-as-password': incorrect,
  'account-suspended': deactivated,
  'attempts-spent': incorrect,
};

/** What each refusal of a key is to a Zulip client (contract 5): the code is always the same. */
const keyAnswers: Record<KeyRefusal, Answer> = {
  'malformed-key': { ...invalidKey, msg: 'Malformed API key' },
  'unknown-key': invalidKey,
  'expired-key': invalidKey,
  'wrong-owner': invalidKey,
  'account-suspended': { ...invalidKey, msg: 'Account is deactivated' },
};

/**
 * The refusal of a sign-in, as the error that answers it.
 * @param retryAfterMs as `Refused` has it: of a name that has no attempts left, so that everybody may be told
 */
export function signInError(refusal: SignInRefusal, retryAfterMs?: number): RequestError | RateLimited {
  if (retryAfterMs !== undefined) return new RateLimited(retryAfterMs);
  const { status, msg, code, onPages } = signInAnswers[refusal];
  return new RequestError(status, msg, code, {}, onPages);
}

/** The refusal of a key, as the error that answers it. */
export function keyError(refusal: KeyRefusal): RequestError {
  const { status, msg, code } = keyAnswers[refusal];
  return new RequestError(status, msg, code);
}

/** Answers every error in Zulip's envelope; what is not the client's doing is logged, and nothing of it shown. */
export function createErrorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => answerError(res, error, log);
}

/** The same where there is no Express. What has begun to be answered is cut. */
export function answerError(res: ServerResponse, error: unknown, log: Log): void {
  if (res.headersSent) {
    noteFailure(res, error, log);
    res.destroy();
  } else if (error instanceof RequestError) {
    sendError(res, error.status, error.message, error.code, error.fields);
  } else if (error instanceof RateLimited) {
    const seconds = error.retryAfterMs / 1000;
    res.setHeader('Retry-After', Math.ceil(seconds));
    sendError(res, 429, error.message, 'RATE_LIMIT_HIT', {}, { 'retry-after': seconds });
  } else if (error instanceof Unavailable) {
    noteFailure(res, error, log);
    res.setHeader('Retry-After', RETRY_AFTER_SECONDS);
    sendError(res, 503, unavailableMessage(error), 'SERVICE_UNAVAILABLE');
  } else if (isHttpError(error)) {
    answerError(res, malformed(), log);
  } else {
    noteFailure(res, error, log);
    sendError(res, 500, 'Internal server error', undefined);
  }
}

/** What may be lost, and what to do, is for whoever asked to know; what is away, and why, is not. */
function unavailableMessage(error: Unavailable): string {
  return error instanceof Unacknowledged ? error.message : 'Service is temporarily unavailable';
}

/** What Express refuses by itself. */
function isHttpError(error: unknown): error is Error & { status: number } {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500;
}
