import { readFileSync, statSync } from 'node:fs';
import { createFileDirectory } from './adapters/file/file-directory.ts';
import { createLdapDirectory, type LdapDirectoryOptions } from './adapters/ldap/ldap-directory.ts';
import { createDirectoryWatch, type DirectoryWatchOptions } from './adapters/ldap/watch/directory-watch.ts';
import { createDirectories, type DirectoryOfEmails } from './auth/directories.ts';
import type { Config } from './config/config.ts';
import type { Directory } from './ports/directory.ts';
import type { DirectoryWatch } from './ports/directory-watch.ts';
import type { Log } from './ports/log.ts';

/** One entry of the setting `directories`. */
type DirectorySettings = Config['directories'][number];
/** One that is behind LDAP. */
export type LdapSettings = Extract<DirectorySettings, { kind: 'ldap' }>;
type FileSettings = Extract<DirectorySettings, { kind: 'file' }>;

/** The directories as one, and what closes their connections. */
export interface OpenDirectories extends AsyncDisposable {
  readonly directory: Directory;
  /** Of those that can be watched and are to be; nothing is connected before somebody looks. */
  readonly watches: readonly DirectoryWatch[];
}

/**
 * Open every directory of the settings. Nothing is connected yet; files of people are read.
 * @throws {Error} where a setting that only its adapter can judge is unusable, or a file of people
 */
export function openDirectories(settings: readonly DirectorySettings[], log: Log): OpenDirectories {
  const opened = new AsyncDisposableStack();
  const all = new Map<string, DirectoryOfEmails>();
  const watches: DirectoryWatch[] = [];
  for (const one of settings) {
    const directory = one.kind === 'file' ? openPeople(one, log) : opened.use(openLdap(one, log));
    all.set(one.id, { directory, emailDomains: one.emailDomains });
    const watch = one.kind === 'ldap' ? createDirectoryWatch({ log }, ldapOptions(one)) : undefined;
    if (watch) watches.push(opened.use(watch));
  }
  return {
    directory: createDirectories(all),
    watches,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function openPeople({ id, peopleFile: path }: FileSettings, log: Log): Directory {
  const readFile = (file: string) => readFileSync(file, 'utf8');
  const parts = { readFile, stat: (file: string) => statSync(file), now: () => performance.now(), log };
  return createFileDirectory(parts, { id, path });
}

/** Some settings only the adapter can judge: it says what is wrong, and here is said with which directory. */
function openLdap(settings: LdapSettings, log: Log): Directory & AsyncDisposable {
  try {
    return createLdapDirectory(ldapOptions(settings), log);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`directory "${settings.id}": ${reason}`, { cause });
  }
}

/** What the adapter takes, from what the settings say. */
export function ldapOptions(settings: LdapSettings): LdapDirectoryOptions & DirectoryWatchOptions {
  return {
    ...settings,
    ca: settings.caFile,
    clientCert: settings.clientCertFile,
    clientKey: settings.clientKeyFile,
    attributes: {
      id: settings.idAttribute,
      idSyntax: settings.idSyntax,
      username: settings.usernameAttribute,
      email: settings.emailAttribute,
      fullName: settings.fullNameAttribute,
      disabledBy: settings.disabledBy,
    },
    groups: {
      ...settings.groups,
      requiredGroup: settings.requiredGroup,
      denyGroups: settings.denyGroups,
    },
    resolveTimeoutMs: settings.resolveTimeout,
    connectTimeoutMs: settings.connectTimeout,
    tlsTimeoutMs: settings.tlsTimeout,
    operationTimeoutMs: settings.operationTimeout,
    connectionMaxAgeMs: settings.connectionMaxAge,
    connectionMaxIdleMs: settings.connectionMaxIdle,
    probe: { firstMs: settings.probe.first, atMostMs: settings.probe.atMost },
    bindConnections: {
      size: settings.bindConnections,
      maxWaiting: settings.bindQueue.length,
      maxWaitMs: settings.bindQueue.wait,
    },
  };
}
