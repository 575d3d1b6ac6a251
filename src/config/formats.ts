import { isIP } from 'node:net';
import { z } from 'zod';
import { amountOfMemory, lengthOfTime, MAX_TIMER_MS } from './units.ts';

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

/** A part of a whole: more than 0, at most 1. */
export const share = z
  .number('not a number')
  .gt(0, 'not more than 0; write a part of the whole, such as 0.5')
  .lte(1, 'more than 1; write a part of the whole, such as 0.5');

/** A number and a unit (`250ms`, `5s`, `30m`, `24h`, `14d`), read as milliseconds. */
export const duration = lengthOfTime(MAX_TIMER_MS);

/** The same, or none (`0s`). */
export const durationOrNone = lengthOfTime(MAX_TIMER_MS, 0);

/** A number and a unit that no timer waits for: as `duration`, however long. */
export const period = lengthOfTime(Number.MAX_SAFE_INTEGER);

/** How much memory: a number of bytes, or a number and a unit (`512KiB`, `64MiB`, `1GiB`), read as bytes. */
export const bytes = amountOfMemory();

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

/**
 * The name of a file of certificates in PEM form, or null; comes out as its text.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export const pemFile = (readFile: (path: string) => string) =>
  optionalFile(readFile).refine(
    (pem) => pem === undefined || pem.includes('-----BEGIN CERTIFICATE-----'),
    'the file holds no certificate; name one in PEM form',
  );

/** Scheme and host that clients see, without a path; a slash at the end is dropped. */
export const publicUrl = text
  .refine(
    (value) => isUrl(value, /^https?:\/\/[^/?#@]+\/?$/),
    'not scheme and host alone; write an http:// or https:// URL such as https://chat.example.org',
  )
  .transform((value) => value.replace(/\/$/, ''));

/** `redis://`, `rediss://` or `memory:`. */
export const redisUrl = text.refine(
  (value) => value === 'memory:' || isUrl(value, /^rediss?:\/\/./),
  'not a Redis URL; write redis://host:port, rediss://host:port or memory:',
);

/** `host:port`, read as host (an IPv6 address without its brackets) and port. */
export const address = text.transform((value, context) => {
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(value) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) > 0 && Number(port) <= 65_535) return { host, port: Number(port) };
  context.addIssue({ code: 'custom', message: 'not host:port; write such as redis-1.example.org:6379' });
  return z.NEVER;
});

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

function isUrl(value: string, shape: RegExp): boolean {
  return URL.canParse(value) && shape.test(value);
}

function isNetwork(value: string): boolean {
  const [address = '', width = '0', ...rest] = value.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  return bits !== undefined && rest.length === 0 && /^\d{1,3}$/.test(width) && Number(width) <= bits;
}
