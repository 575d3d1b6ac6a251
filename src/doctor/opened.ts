import type { DirectoryConnections } from '../adapters/ldap/connections.ts';
import type { LdapDirectoryOptions } from '../adapters/ldap/ldap-directory.ts';
import { createConnections } from '../adapters/ldap/servers/open-connections.ts';
import type { Config } from '../config/config.ts';
import { ldapOptions, openDirectories } from '../open-directory.ts';
import type { Directory } from '../ports/directory.ts';
import type { Log } from '../ports/log.ts';

/** A directory as the service uses it, and what is needed to look at it more closely. */
export interface OpenedDirectory {
  readonly id: string;
  readonly directory: Directory;
  /** `undefined`: a file of people. */
  readonly ldap: OpenedLdap | undefined;
}

/** What is behind LDAP. */
export interface OpenedLdap {
  readonly options: LdapDirectoryOptions & { readonly preset: string };
  readonly connections: DirectoryConnections;
}

/** Every directory by itself, and all as one, as the service has them. */
export interface Opened extends AsyncDisposable {
  readonly each: readonly OpenedDirectory[];
  readonly asOne: Directory;
}

/** What the parts would log is shown by the steps. */
const silent: Log = { info() {}, warn() {}, error() {} };

/**
 * Open the directories. Nothing is connected yet; files of people are read.
 * @throws {Error} where a setting that only its adapter can judge is unusable, or a file of people
 */
export function openAll({ directories }: Config): Opened {
  const opened = new AsyncDisposableStack();
  const asOne = opened.use(openDirectories(directories, silent)).directory;
  const each = directories.map((settings): OpenedDirectory => {
    const { directory } = opened.use(openDirectories([settings], silent));
    if (settings.kind === 'file') return { id: settings.id, directory, ldap: undefined };
    const options = { ...ldapOptions(settings), preset: settings.preset };
    return {
      id: settings.id,
      directory,
      ldap: { options, connections: opened.use(createConnections(options, silent)) },
    };
  });
  return { each, asOne, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
