import type { ServerResponse } from 'node:http';
import type { Refused } from '../auth/verify-person.ts';
import type { IssuedKey } from '../keys/issue-api-key.ts';
import { type Fields, sendSuccess } from './envelope.ts';
import { signInError } from './error-handler.ts';
import type { Form } from './read-form.ts';
import { note } from './request-log.ts';

/** Why a sign-in gave no key. */
export interface RefusedSignIn extends Refused {
  /** HMAC of the name that was typed; `undefined`: too long for one, or none was. */
  readonly nameDigest?: string | undefined;
}

/** The error that answers a refused sign-in, which is noted for the log. */
export function refusedSignIn(res: ServerResponse, refused: RefusedSignIn): ReturnType<typeof signInError> {
  const { refusal: outcome, principal, nameDigest, retryAfterMs } = refused;
  note(res, {
    outcome,
    ...(nameDigest !== undefined && { nameDigest }),
    ...(principal && { username: principal.username }),
  });
  return signInError(outcome, retryAfterMs);
}

/** The key that a sign-in gave. Throws the error that answers it where it gave none. */
export function issuedKey(
  res: ServerResponse,
  outcome: { readonly issued: IssuedKey } | RefusedSignIn,
): IssuedKey {
  if ('refusal' in outcome) throw refusedSignIn(res, outcome);
  const { issued } = outcome;
  note(res, { outcome: 'accepted', userId: issued.account.id });
  return issued;
}

/** Answer a key and its owner's email, then `more`, then the parameters that meant nothing (contract 1.2, 1.3). */
export function sendIssuedKey(
  res: ServerResponse,
  { apiKey, account }: IssuedKey,
  form: Form,
  more: Fields,
): void {
  const ignored = form.ignored();
  sendSuccess(res, {
    api_key: apiKey,
    email: account.owner.email,
    ...more,
    ...(ignored.length > 0 && { ignored_parameters_unsupported: ignored }),
  });
}
