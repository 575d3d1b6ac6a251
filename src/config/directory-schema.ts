import { isIP } from 'node:net';
import { z } from 'zod';
import {
  count,
  duration,
  flag,
  ldapUrl,
  optionalDomain,
  optionalFile,
  optionalText,
  required,
  text,
} from './formats.ts';

const directoryId = z
  .string('missing; give the directory a permanent id')
  .regex(/^[A-Za-z0-9_-]+$/, 'not an id; write letters, digits, - and _');

/** The settings of a directory that is a file of people. */
export const peopleFileSchema = z.strictObject({
  id: directoryId,
  kind: z.literal('file'),
  peopleFile: required('a YAML file of people with hashed passwords'),
});

/**
 * The settings of a directory behind LDAP.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export function ldapSchema(readFile: (path: string) => string) {
  const pemFile = optionalFile(readFile).refine(
    (pem) => pem === undefined || pem.includes('-----BEGIN CERTIFICATE-----'),
    'the file holds no certificate; name one in PEM form',
  );

  const shape = z.strictObject({
    id: directoryId,
    kind: z.literal('ldap'),
    preset: text,
    urls: z
      .array(ldapUrl, 'not a list of URLs')
      .min(1, 'missing; set it to ldaps://host, comma-separated where there are several'),
    startTls: flag,
    allowPlaintext: flag,
    caFile: pemFile,
    tlsServerName: optionalText,
    bindDn: required("the service account's DN, such as cn=latchkey,ou=services,dc=example,dc=org"),
    bindPassword: required("the service account's password"),
    userBase: required('the DN below which people are, such as ou=people,dc=example,dc=org'),
    userFilter: text,
    userDnTemplate: optionalText,
    idAttribute: text,
    idSyntax: z.enum(['text', 'octets'], 'neither text nor octets; write one of them'),
    usernameAttribute: text,
    emailAttribute: text,
    emailDomain: optionalDomain,
    fullNameAttribute: text,
    resolveTimeout: duration,
    connectTimeout: duration,
    tlsTimeout: duration,
    operationTimeout: duration,
    searchConnections: count,
    bindConnections: count,
    bindQueue: z.strictObject({ length: z.int('not a whole number').min(0, 'less than 0'), wait: duration }),
  });

  return shape
    .refine((settings) => !sendsInClear(settings), {
      path: ['urls'],
      message: 'ldap:// would send passwords in clear; write ldaps://, or set startTls (LDAP_STARTTLS=true)',
      when: always,
    })
    .refine(
      ({ startTls, urls }) => startTls !== true || !list(urls).some((url) => url.startsWith('ldaps:')),
      {
        path: ['startTls'],
        message: 'does not go with ldaps:// URLs; write ldap:// or leave it false',
        when: always,
      },
    )
    .refine(({ userFilter }) => typeof userFilter !== 'string' || userFilter.includes('{username}'), {
      path: ['userFilter'],
      message: 'has no {username}; write a filter such as (uid={username})',
      when: always,
    })
    .refine(({ userDnTemplate: dn }) => typeof dn !== 'string' || /=[^,]*\{username\}/.test(dn), {
      path: ['userDnTemplate'],
      message: 'no DN with {username}; write one such as uid={username},ou=people,dc=example,dc=org',
      when: always,
    });
}

/** All faults are told at once: these checks run beside faults of other settings, so they meet any value. */
const always = () => true;

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function sendsInClear(settings: { urls: unknown; startTls: unknown; allowPlaintext: unknown }): boolean {
  if (settings.startTls === true || settings.allowPlaintext === true) return false;
  return list(settings.urls).some((url) => /^ldap:/i.test(url) && URL.canParse(url) && !isLoopback(url));
}

function isLoopback(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname.replace(/^\[|\]$/g, ''));
}

/** Whether a host name or address, without brackets, is this machine and no other. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
