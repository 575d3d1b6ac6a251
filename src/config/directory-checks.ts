import { isLoopbackUrl } from './loopback.ts';
import { isText, type Tree, textsIn } from './tree.ts';

/** What holds between several settings of one directory. */
interface Check {
  /** Which setting its fault is told of. */
  readonly setting: string;
  /** What is wrong where it does not hold, and what would be right. */
  readonly fault: string;
  readonly holds: (settings: Tree) => boolean;
}

/** In the order of config/default.yaml, in which faults are read and mended. */
export const DIRECTORY_CHECKS: readonly Check[] = [
  {
    setting: 'urls',
    fault: 'missing; set it to ldaps://host, comma-separated where there are several',
    holds: ({ urls, srvDomain }) => textsIn(urls).length > 0 || isText(srvDomain),
  },
  {
    setting: 'urls',
    fault: 'ldap:// would send passwords in clear; write ldaps://, or set startTls (LDAP_STARTTLS=true)',
    holds: (settings) => !sendsInClear(settings),
  },
  {
    setting: 'srvDomain',
    fault: 'stands beside urls; describe the servers in one place',
    holds: ({ urls, srvDomain }) => textsIn(urls).length === 0 || !isText(srvDomain),
  },
  {
    setting: 'startTls',
    fault: 'does not go with ldaps:// URLs; write ldap:// or leave it false',
    holds: ({ startTls, urls }) =>
      startTls !== true || !textsIn(urls).some((url) => url.startsWith('ldaps:')),
  },
  {
    setting: 'bindDn',
    fault: "missing; set it to the service account's DN, such as cn=latchkey,ou=services,dc=example,dc=org",
    holds: (settings) => hasServiceAccount(settings) || isText(settings['userDnTemplate']),
  },
  {
    setting: 'bindPassword',
    fault: "missing; set it to the service account's password",
    holds: ({ bindDn, bindPassword }) => !isSet(bindDn) || isSet(bindPassword),
  },
  {
    setting: 'clientKeyFile',
    fault: 'a certificate and its key go together; set both or none',
    holds: ({ clientCertFile, clientKeyFile }) => isSet(clientCertFile) === isSet(clientKeyFile),
  },
  {
    setting: 'userFilter',
    fault: 'has no {username}; write a filter such as (uid={username})',
    holds: ({ userFilter }) => typeof userFilter !== 'string' || userFilter.includes('{username}'),
  },
  {
    setting: 'userDnTemplate',
    fault:
      'no DN or login name with {username}; write uid={username},ou=people,dc=example,dc=org or {username}@corp.example',
    holds: ({ userDnTemplate: name }) => !isText(name) || isDn(name) || isLoginName(name),
  },
  {
    setting: 'userDnTemplate',
    fault:
      'no DN, which the service account needs to read people at; leave the template away, so that they are searched for, or leave the service account (bindDn, clientCertFile) away',
    holds: (settings) =>
      !isText(settings['userDnTemplate']) ||
      !isLoginName(settings['userDnTemplate']) ||
      !hasServiceAccount(settings),
  },
];

/** Whether somebody is set to search as. Without one, people's entries are read by themselves only. */
export function hasServiceAccount({ bindDn, clientCertFile }: Tree): boolean {
  return isSet(bindDn) || isSet(clientCertFile);
}

/** A file that cannot be read is set all the same: its own fault is enough. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** A DN in which the username is an attribute's value. */
function isDn(template: string): boolean {
  return /=[^,]*\{username\}/.test(template);
}

/** `user@domain` or `DOMAIN\user`, as Active Directory takes them. */
function isLoginName(template: string): boolean {
  return /^\{username\}@[^@\\/\s]+$|^[^@\\/\s]+\\\{username\}$/.test(template);
}

function sendsInClear({ urls, startTls, allowPlaintext }: Tree): boolean {
  if (startTls === true || allowPlaintext === true) return false;
  return textsIn(urls).some((url) => /^ldap:/i.test(url) && URL.canParse(url) && !isLoopbackUrl(url));
}
