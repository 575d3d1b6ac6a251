import { z } from 'zod';
import { duration, headerName, optionalFile, optionalText, optionalWebUrl, proxy } from './formats.ts';
import { isLoopbackUrl } from './loopback.ts';

const ALGORITHMS = [
  ...(['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
] as const;

/** As `jwt.audience`: a token counts whomever it was made for. */
export const ANY_AUDIENCE = 'any';

/**
 * Sign-in by JSON Web Token. No keys: it is off.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export function jwtSchema(readFile: (path: string) => string) {
  const algorithm = z.enum(ALGORITHMS, `not an algorithm; write one of ${ALGORITHMS.join(', ')}`);
  const key = z
    .strictObject({
      key: optionalText.optional(),
      keyFile: optionalFile(readFile).optional(),
      jwksUrl: optionalWebUrl
        .refine(
          (url) => url === undefined || isPrivateWay(url),
          'http:// would let whoever is on the way sign tokens; write https://',
        )
        .optional(),
      algorithms: z
        .array(algorithm, 'not a list of algorithms')
        .min(1, 'empty; name the algorithms that are allowed'),
    })
    .refine(
      (one) => [one.key, one.keyFile, one.jwksUrl].filter((given) => given !== undefined).length === 1,
      'not exactly one of key, keyFile and jwksUrl; set one of them',
    );
  return z
    .strictObject({
      keys: z.array(key, 'not a list of keys'),
      issuer: optionalText,
      audience: optionalText,
      maxLifetime: duration,
    })
    .refine(({ keys, audience }) => audience !== undefined || keys.every(({ jwksUrl }) => !jwksUrl), {
      path: ['audience'],
      message:
        'missing; published keys sign tokens for other services too: write the one that yours are made for, or any',
    });
}

/**
 * Sign-in by the header of a gateway. No trusted peers: it is off.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export function ssoSchema(readFile: (path: string) => string) {
  return z
    .strictObject({
      trustedPeers: z.array(proxy, 'not a list of CIDRs'),
      secretFile: optionalFile(readFile),
      secretHeader: headerName,
      userHeader: headerName,
    })
    .refine(({ trustedPeers, secretFile }) => trustedPeers.length === 0 || secretFile, {
      path: ['secretFile'],
      message: 'missing; name a file with the secret that the gateway adds to its requests',
    });
}

/** Whether nobody between us and the URL's host can change what it answers. */
function isPrivateWay(url: string): boolean {
  return new URL(url).protocol === 'https:' || isLoopbackUrl(url);
}
