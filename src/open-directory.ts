import { createLdapDirectory, type LdapDirectoryOptions } from './adapters/ldap/ldap-directory.ts';
import type { Config } from './config/config.ts';
import type { Directory } from './ports/directory.ts';

/** One entry of the setting `directories`. */
type DirectorySettings = Config['directories'][number];
type LdapSettings = Extract<DirectorySettings, { kind: 'ldap' }>;

/** Some settings only the adapter can judge: it says what is wrong, and here is said with which directory. */
export function openDirectory(settings: LdapSettings): Directory & AsyncDisposable {
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
