import { Router } from 'express';
import type { VouchedSignIn } from '../../auth/vouched-sign-in.ts';
import type { TokenRefusal, VerifyToken } from '../../ports/token-verifier.ts';
import { sendMethodNotAllowed } from '../envelope.ts';
import { issuedKey, sendIssuedKey } from '../issued-key.ts';
import type { AdmitAddress, ClientKey } from '../rate-limit.ts';
import { type Form, readForm } from '../read-form.ts';
import { RequestError } from '../request-error.ts';
import { note } from '../request-log.ts';
import { userProfile } from '../user-profile.ts';

/** What the endpoint rests on. */
export interface JwtFetchApiKeyParts {
  /** `undefined`: the settings name no key of tokens, and the endpoint says so. */
  readonly verifyToken: VerifyToken | undefined;
  /** By the email that a token vouches for. */
  readonly signIn: VouchedSignIn;
  readonly clientKey: ClientKey;
  readonly admitAddress: AdmitAddress;
}

const PATH = '/api/v1/jwt/fetch_api_key';

/** `POST /api/v1/jwt/fetch_api_key`: a signed token in, API key out (contract 4.3). The answer has no `user_id`. */
export function jwtFetchApiKeyRoute(parts: JwtFetchApiKeyParts): Router {
  const { verifyToken, signIn, clientKey, admitAddress } = parts;
  return Router({ caseSensitive: true, strict: true })
    .post(PATH, async (req, res) => {
      const form = await readForm(req);
      const token = form.optional('token') ?? '';
      const includeProfile = readBoolean(form, 'include_profile');
      if (!verifyToken) {
        throw new RequestError(400, 'JWT authentication is not enabled for this organization');
      }
      if (token === '') throw new RequestError(400, 'No JSON web token passed in request');
      res.setHeader('Cache-Control', 'no-store');
      await admitAddress(clientKey(req), res, isRefused);
      const verified = await verifyToken(token);
      if ('refusal' in verified) {
        note(res, { outcome: verified.refusal });
        throw new RequestError(400, tokenAnswers[verified.refusal]);
      }
      const issued = issuedKey(res, await signIn(verified.email));
      sendIssuedKey(res, issued, form, includeProfile ? { user: userProfile(issued.account) } : {});
    })
    .all(PATH, (_req, res) => sendMethodNotAllowed(res, ['POST']));
}

/** A token that is refused counts as one that is nobody's does: made-up ones cost CPU. */
const isRefused = (status: number) => status === 400 || status === 401;

/** What each refusal of a token is to the client; why a token is bad is not told. */
const tokenAnswers: Record<TokenRefusal, string> = {
  'bad-token': 'Bad JSON web token',
  'no-email-claim': 'No email specified in JSON web token claims',
  'unverified-email': 'No email specified in JSON web token claims',
};

/**
 * A boolean as JSON, `false` where there is none.
 * @throws {RequestError} Zulip's 400 for anything else (`lib/typed_endpoint.py`)
 */
function readBoolean(form: Form, name: string): boolean {
  const text = form.optional(name) ?? 'false';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(400, `${name} is not valid JSON`);
  }
  if (typeof value !== 'boolean') throw new RequestError(400, `${name} is not a boolean`);
  return value;
}
