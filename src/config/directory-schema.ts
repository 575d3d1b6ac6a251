import { z } from 'zod';
import { DIRECTORY_CHECKS } from './directory-checks.ts';
import {
  count,
  domain,
  duration,
  flag,
  ldapUrl,
  optional,
  optionalDomain,
  optionalFile,
  optionalText,
  pemFile,
  required,
  text,
} from './formats.ts';

/** How an attribute says that an account is disabled or expired. */
const DISABLED_RULES = [
  'accountDisable',
  'true',
  'lockedForEver',
  'fileTime',
  'daysSince1970',
  'generalizedTime',
  'none',
] as const;
const DISABLED_RULE_FAULT = `no such rule; write one of ${DISABLED_RULES.join(', ')}, or { equals: value }`;
const disabledRule = z.union(
  [z.enum(DISABLED_RULES), z.strictObject({ equals: z.union([text, z.array(text).min(1)]) })],
  DISABLED_RULE_FAULT,
);

const WATCHES = ['dirSync', 'modifyTimestamp', 'none'] as const;

const GROUP_LOOK_UPS = ['memberOf', 'inChain', 'tokenGroups', 'walk'] as const;

const directoryId = z
  .string('missing; give the directory a permanent id')
  .regex(/^[A-Za-z0-9_-]+$/, 'not an id; write letters, digits, - and _');

const loginDomain = text.refine(
  (value) => value === '' || /^[^@\\/\s]+$/.test(value),
  'not a domain alone; write it as in CORP\\user or user@corp.example, without what is around it',
);

const emailDomains = z.array(domain, 'not a list of domains');

/** What gateways call a person: undefined where the number of directories decides. */
const remoteUser = text
  .refine((value) => value.includes('{username}'), 'has no {username}; write such as {username}@{directory}')
  .nullish()
  .transform((value) => value ?? undefined);

/** The settings of a directory that is a file of people. */
export const peopleFileSchema = z.strictObject({
  id: directoryId,
  kind: z.literal('file'),
  peopleFile: required('a YAML file of people with hashed passwords'),
  emailDomains: emailDomains.default([]),
  remoteUser,
});

/**
 * The settings of a directory behind LDAP.
 * @param readFile gives a file's text; throws where it cannot be read
 */
export function ldapSchema(readFile: (path: string) => string) {
  const certificates = pemFile(readFile);

  const shape = z.strictObject({
    id: directoryId,
    kind: z.literal('ldap'),
    preset: text,
    urls: z.array(ldapUrl, 'not a list of URLs'),
    srvDomain: optionalDomain,
    startTls: flag,
    allowPlaintext: flag,
    caFile: certificates,
    tlsServerName: optionalText,
    bindDn: optionalText,
    bindPassword: optionalText,
    clientCertFile: certificates,
    clientKeyFile: optionalFile(readFile),
    userBase: required('the DN below which people are, such as ou=people,dc=example,dc=org'),
    userFilter: text,
    userDnTemplate: optionalText,
    loginDomains: z.array(loginDomain, 'not a list of domain names'),
    emailDomains,
    remoteUser,
    idAttribute: text,
    idSyntax: z.enum(['text', 'octets'], 'neither text nor octets; write one of them'),
    usernameAttribute: text,
    emailAttribute: text,
    emailDomain: optionalDomain,
    fullNameAttribute: text,
    disabledBy: z.record(text, disabledRule),
    passwordPolicy: flag,
    lockout: z.strictObject({
      threshold: optional(count),
      policyDn: optionalText,
    }),
    groups: z.strictObject({
      base: optionalText,
      lookUp: z.enum(GROUP_LOOK_UPS, `no way to look groups up; write one of ${GROUP_LOOK_UPS.join(', ')}`),
      nameAttribute: text,
      maxDepth: count,
      maxGroups: count,
      maxBytes: count,
    }),
    requiredGroup: optionalText,
    denyGroups: z.array(text, 'not a list of DNs'),
    watch: z.enum(WATCHES, `no way to watch a directory; write one of ${WATCHES.join(', ')}`),
    resolveTimeout: duration,
    connectTimeout: duration,
    tlsTimeout: duration,
    operationTimeout: duration,
    maxMessageBytes: count,
    connectionMaxAge: duration,
    connectionMaxIdle: duration,
    probe: z.strictObject({ first: duration, atMost: duration }),
    searchConnections: count,
    bindConnections: count,
    bindQueue: z.strictObject({ length: z.int('not a whole number').min(0, 'less than 0'), wait: duration }),
  });

  return DIRECTORY_CHECKS.reduce(
    (checked, { setting, fault, holds }) =>
      checked.refine(holds, { path: [setting], message: fault, when: always }),
    shape,
  );
}

/** All faults are told at once: these checks run beside faults of single settings, so they meet any value. */
const always = () => true;
