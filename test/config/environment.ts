import { readFileSync } from 'node:fs';
import { type Config, ConfigError, type LoadedConfig, loadConfig } from '../../src/config/config.ts';

/** Base64 of 32 bytes: a secret that is none. */
export const SECRET = Buffer.alloc(32, 1).toString('base64');

/** The least that a start needs. */
export const COMPLETE: Readonly<Record<string, string>> = {
  LATCHKEY_SECRET: SECRET,
  REDIS_URL: 'redis://127.0.0.1:6379',
  LDAP_URL: 'ldaps://ldap.example.org',
  LDAP_BIND_DN: 'cn=latchkey,ou=services,dc=example,dc=org',
  LDAP_BIND_PASSWORD: 'service-password',
  LDAP_USER_BASE: 'ou=people,dc=example,dc=org',
};

/**
 * Load settings as main.ts does, but for files that `files` makes up.
 * @param env added to COMPLETE; `undefined` takes a variable away
 */
export function load(
  env: Readonly<Record<string, string | undefined>> = {},
  files: Readonly<Record<string, string>> = {},
): LoadedConfig {
  return loadConfig(
    { ...COMPLETE, ...env },
    {
      readFile: (path) => files[path] ?? readFileSync(path, 'utf8'),
      developmentSecret: () => Buffer.alloc(32, 9).toString('base64'),
    },
  );
}

/** The faults that loading tells; none where it succeeds. */
export function faultsOf(...args: Parameters<typeof load>): readonly string[] {
  try {
    load(...args);
    return [];
  } catch (failure) {
    if (failure instanceof ConfigError) return failure.faults;
    throw failure;
  }
}

/** COMPLETE without what describes a directory, for files that do. */
export const WITHOUT_DIRECTORY: Readonly<Record<string, undefined>> = {
  LDAP_URL: undefined,
  LDAP_BIND_DN: undefined,
  LDAP_BIND_PASSWORD: undefined,
  LDAP_USER_BASE: undefined,
};

/** The settings of the directory behind LDAP. */
export function ldapOf({ directories }: Config) {
  const ldap = directories.find((one) => one.kind === 'ldap');
  if (!ldap) throw new Error('no directory behind LDAP');
  return ldap;
}
