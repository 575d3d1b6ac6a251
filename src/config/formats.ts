import { isIP } from 'node:net';
import { z } from 'zod';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The longest that a timer of Node takes, in milliseconds; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The smallest secret, in bytes: as many as HMAC-SHA-256 gives. */
const SECRET_BYTES = 32;

/** A setting that must be there. `wanted` says what it would be. */
export const required = (wanted: string) =>
  z.string(`missing; set it to ${wanted}`).min(1, `empty; set it to ${wanted}`);

/** Text that is not empty. */
export const text = z.string('not text').min(1, 'empty');

/** What is of this format, or null; null comes out as `undefined`. */
export const optional = <T extends z.ZodType>(format: T) =>
  format.nullable().transform((value) => value ?? undefined);

/** Text or null. */
export const optionalText = optional(text);

/** `true` or `false`. */
export const flag = z.boolean('neither true nor false; write one of them');

/** A whole number from 1. */
export const count = z.int('not a whole number').min(1, 'less than 1; write a whole number from 1');

/** A number and a unit (`250ms`, `5s`, `30m`, `24h`, `14d`), read as milliseconds. */
export const duration = lengthOfTime(MAX_TIMER_MS);

/** A number and a unit that no timer waits for: as `duration`, however long. */
export const period = lengthOfTime(Number.MAX_SAFE_INTEGER);

/** A DNS domain without `@`. */
export const domain = z
  .string('not text')
  .regex(/^[^\s@]+\.[^\s@]+$/, 'not a domain; write it without @, such as example.org');

/** A DNS domain without `@`, or null. */
export const optionalDomain = optional(domain);

/** Base64 secrets, comma-separated, read as bytes. */
export const secretRing = required(
  `base64 of at least ${SECRET_BYTES} bytes each, comma-separated (openssl rand -base64 32)`,
).transform((ring, context) => {
  const secrets = ring.split(',').map((one) => Buffer.from(one.trim(), 'base64'));
  const isBase64 = /^[A-Za-z0-9+/_=,\s-]+$/.test(ring);
  if (!isBase64 || secrets.some((one) => one.length < SECRET_BYTES)) {
    const message = `not base64 of at least ${SECRET_BYTES} bytes each, comma-separated; make one by openssl rand -base64 32`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  if (new Set(secrets.map((one) => one.toString('hex'))).size < secrets.length) {
    context.addIssue({ code: 'custom', message: 'holds the same secret twice; write each once' });
    return z.NEVER;
  }
  return secrets;
});

/** An `http://` or `https://` URL, or null. */
export const optionalWebUrl = optional(
  text.refine((value) => isUrl(value, /^https?:\/\/[^/?#@]+/), 'not an http:// or https:// URL'),
);

/** The name of a header field (RFC 9110, 5.1), read in lower case. */
export const headerName = z
  .string('not text')
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not the name of a header')
  .transform((value) => value.toLowerCase());

/**
 * The name of a file, or null; comes out as the file's text without one line feed at its end.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export const optionalFile = (readFile: (path: string) => string) =>
  optionalText.transform((path, context) => {
    if (path === undefined) return undefined;
    try {
      return readFile(path).replace(/\r?\n$/, '');
    } catch {
      const message = 'the file cannot be read; name a file that the service may read';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  });

/** Scheme and host that clients see, without a path; a slash at the end is dropped. */
export const publicUrl = text
  .refine(
    (value) => isUrl(value, /^https?:\/\/[^/?#@]+\/?$/),
    'not scheme and host alone; write an http:// or https:// URL such as https://chat.example.org',
  )
  .transform((value) => value.replace(/\/$/, ''));

/** `redis://`, `rediss://` or `memory:`. */
export const redisUrl = required(
  'redis://host:port, rediss://host:port, or memory: to try things out',
).refine(
  (value) => value === 'memory:' || isUrl(value, /^rediss?:\/\/./),
  'not a Redis URL; write redis://host:port, rediss://host:port or memory:',
);

/** Scheme, host and port of an LDAP server. */
export const ldapUrl = z
  .string('not text')
  .refine(
    (value) => isUrl(value, /^ldaps?:\/\/[^/?#@]+\/?$/),
    'not scheme, host and port of an LDAP server; write ldaps://host or ldaps://host:636',
  );

/** `loopback`, an IP address or a CIDR. */
export const proxy = z
  .string('not text')
  .refine(
    (value) => value === 'loopback' || isNetwork(value),
    'not "loopback", an address or a CIDR; write such as 10.0.0.0/8',
  );

function lengthOfTime(longestMs: number) {
  const longest = longestMs === MAX_TIMER_MS ? '24d' : 'any number of days';
  return z.string('not a duration; write a number and a unit, such as 30s').transform((written, context) => {
    const [, number, unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(written) ?? [];
    const value = Number(number) * (MILLISECONDS[unit] ?? Number.NaN);
    if (value > 0 && value <= longestMs) return value;
    const message = `not a duration from 1ms to ${longest}; write a number and a unit (ms, s, m, h, d), such as 30s`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function isUrl(value: string, shape: RegExp): boolean {
  return URL.canParse(value) && shape.test(value);
}

function isNetwork(value: string): boolean {
  const [address = '', width = '0', ...rest] = value.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  return bits !== undefined && rest.length === 0 && /^\d{1,3}$/.test(width) && Number(width) <= bits;
}
