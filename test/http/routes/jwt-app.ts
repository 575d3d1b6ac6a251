import request, { type Test } from 'supertest';
import { createVerifyToken } from '../../../src/adapters/jose/verify-token.ts';
import { createSignInByEmail } from '../../../src/auth/vouched-sign-in.ts';
import { createClientKey } from '../../../src/http/rate-limit.ts';
import { jwtFetchApiKeyRoute } from '../../../src/http/routes/jwt-fetch-api-key.ts';
import type { VerifyToken } from '../../../src/ports/token-verifier.ts';
import { signWithSecret } from '../../adapters/jose/tokens.ts';
import { createMemoryApp, person, START } from '../memory-app.ts';
import { routeApp } from './route-app.ts';

export const JWT_FETCH = '/api/v1/jwt/fetch_api_key';
export const SECRET = 's'.repeat(32);
/** Five minutes after the clock of every app begins. */
export const EXP = Math.floor(START / 1000) + 300;
const verifyShared = createVerifyToken({
  keys: [{ key: SECRET, algorithms: ['HS256'] }],
  maxLifetimeMs: 600_000,
  now: () => START,
});

/** The endpoint, with people of every kind in the directory; an address may fail twice. */
export function startJwt(verify: VerifyToken | 'off' = verifyShared) {
  const people = [
    person('hamlet', { emails: ['hamlet@example.org', 'prince@example.org'] }),
    person('rosencrantz', { emails: ['shared@example.org'] }),
    person('guildenstern', { emails: ['shared@example.org'] }),
    person('yorick@example.org', { emails: ['jester@example.org'] }),
  ];
  const app = createMemoryApp({ people, perAddress: { attempts: 2, windowMs: 60_000 } });
  const signIn = createSignInByEmail({ ...app.parts, directory: app.directory });
  const { admitAddress } = app.parts;
  const clientKey = createClientKey(() => false);
  const verifyToken = verify === 'off' ? undefined : verify;
  const route = jwtFetchApiKeyRoute({ verifyToken, signIn, clientKey, admitAddress });
  return { app, listener: routeApp(app.log, route) };
}

/** The endpoint, and the app beside it. */
export type Started = ReturnType<typeof startJwt>;

/** Post a form. */
export function ask({ listener }: Started, form: Record<string, string>, query = ''): Test {
  return request(listener)
    .post(`${JWT_FETCH}${query}`)
    .type('form')
    .send(new URLSearchParams(form).toString());
}

/** A good token for this email. */
export const tokenOf = (email: unknown) => signWithSecret(SECRET, { email, exp: EXP });
