import { readFileSync, statSync } from 'node:fs';
import { createFileDirectory } from './adapters/file/file-directory.ts';
import { createLdapDirectory, type LdapDirectoryOptions } from './adapters/ldap/ldap-directory.ts';
import { createDirectories } from './auth/directories.ts';
import type { Config } from './config/config.ts';
import type { Directory } from './ports/directory.ts';
import type { Log } from './ports/log.ts';

/** One entry of the setting `directories`. */
type DirectorySettings = Config['directories'][number];
type LdapSettings = Extract<DirectorySettings, { kind: 'ldap' }>;
type FileSettings = Extract<DirectorySettings, { kind: 'file' }>;

/** The directories as one, and what closes their connections. */
export interface OpenDirectories extends AsyncDisposable {
  readonly directory: Directory;
}

/**
 * Open every directory of the settings. Nothing is connected yet; files of people are read.
 * @throws {Error} where a setting that only its adapter can judge is unusable, or a file of people
 */
export function openDirectories(settings: readonly DirectorySettings[], log: Log): OpenDirectories {
  const opened = new AsyncDisposableStack();
  const all = new Map<string, Directory>();
  for (const one of settings) {
    all.set(one.id, one.kind === 'file' ? openPeople(one, log) : opened.use(openLdap(one)));
  }
  return {
    directory: createDirectories(all),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function openPeople({ id, peopleFile: path }: FileSettings, log: Log): Directory {
  const readFile = (file: string) => readFileSync(file, 'utf8');
  const parts = { readFile, stat: (file: string) => statSync(file), now: () => performance.now(), log };
  return createFileDirectory(parts, { id, path });
}

/** Some settings only the adapter can judge: it says what is wrong, and here is said with which directory. */
function openLdap(settings: LdapSettings): Directory & AsyncDisposable {
  try {
    return createLdapDirectory(ldapOptions(settings));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`directory "${settings.id}": ${reason}`, { cause });
  }
}

function ldapOptions(settings: LdapSettings): LdapDirectoryOptions {
  return {
    ...settings,
    ca: settings.caFile,
    attributes: {
      id: settings.idAttribute,
      idSyntax: settings.idSyntax,
      username: settings.usernameAttribute,
      email: settings.emailAttribute,
      fullName: settings.fullNameAttribute,
    },
    resolveTimeoutMs: settings.resolveTimeout,
    connectTimeoutMs: settings.connectTimeout,
    tlsTimeoutMs: settings.tlsTimeout,
    operationTimeoutMs: settings.operationTimeout,
    bindConnections: {
      size: settings.bindConnections,
      maxWaiting: settings.bindQueue.length,
      maxWaitMs: settings.bindQueue.wait,
    },
  };
}
