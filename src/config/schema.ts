import { z } from 'zod';
import { ldapSchema, peopleFileSchema } from './directory-schema.ts';
import {
  count,
  duration,
  flag,
  optionalText,
  optionalWebUrl,
  period,
  proxy,
  publicUrl,
  secretRing,
  text,
} from './formats.ts';
import { keysSchema } from './keys-schema.ts';
import { isLoopbackHost } from './loopback.ts';
import { redisSchema } from './redis-schema.ts';
import { jwtSchema, ssoSchema } from './sign-in-schema.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * What complete and valid settings are. Durations come out in milliseconds, the ring of secrets as bytes,
 * files as their text. No message repeats a value: it might be a secret.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export function configSchema(readFile: (path: string) => string) {
  const budget = z.strictObject({ attempts: count, window: duration });
  return z
    .strictObject({
      realm: z.strictObject({
        name: text,
        description: z.string('not text'),
        icon: optionalText,
        publicUrl,
      }),
      development: flag,
      dev: z.strictObject({ allowRemote: flag }),
      jwt: jwtSchema(readFile),
      sso: ssoSchema(readFile),
      passwordResetUrl: optionalWebUrl,
      secret: secretRing,
      http: z.strictObject({
        host: text,
        port: z.int('not a port number').min(0, 'not a port number').max(65_535, 'not a port number'),
        trustProxy: z.array(proxy, 'not a list of CIDRs'),
        cors: flag,
        headersTimeout: duration,
        requestTimeout: duration,
        keepAliveTimeout: duration,
        shutdownWithin: duration,
      }),
      log: z.strictObject({
        level: z.enum(LOG_LEVELS, `not a log level; write one of ${LOG_LEVELS.join(', ')}`),
      }),
      requireEmailFormatUsernames: flag,
      limits: z.strictObject({
        perUsername: budget,
        familiar: z.strictObject({ attempts: count, remember: period }),
        perAddress: budget,
      }),
      signInWithin: duration,
      allowSharedEmails: flag,
      keys: keysSchema,
      zulip: z.strictObject({
        version: z.string('not text; put the version in quotes').min(1, 'empty'),
        featureLevel: z.int('not a whole number').min(277, "less than 277, which Zulip's apps refuse"),
      }),
      redis: redisSchema(readFile),
      directories: z
        .array(
          z.discriminatedUnion('kind', [ldapSchema(readFile), peopleFileSchema]),
          'not a list of directories',
        )
        .min(1, 'missing; describe a directory by LDAP_URL and the other LDAP_ variables, or in this list')
        .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
          message: 'two have the same id; give each its own',
        }),
    })
    .refine((settings) => !isRemoteDevelopment(settings), {
      path: ['http', 'host'],
      message: 'development would let anyone in who reaches it; write 127.0.0.1, or set dev.allowRemote',
      when: () => true,
    });
}

/** Development hands out keys without a password. */
function isRemoteDevelopment({ development, dev, http }: Record<string, unknown>): boolean {
  const { host } = (http ?? {}) as { host?: unknown };
  const { allowRemote } = (dev ?? {}) as { allowRemote?: unknown };
  return development === true && allowRemote !== true && typeof host === 'string' && !isLoopbackHost(host);
}
