import type { Directory } from '../../ports/directory.ts';
import type { Log } from '../../ports/log.ts';
import { answered } from './answered.ts';
import { hasServiceAccount } from './connection/bind-as-service.ts';
import { type Admit, createAdmitByGroups } from './groups/admit-by-groups.ts';
import type { GroupSearch } from './groups/group-look-up.ts';
import type { GroupOptions } from './groups/group-options.ts';
import { createLockoutReader, type LockoutOptions, lockoutByThreshold } from './lockout/lockout-reader.ts';
import type { PersonBindOptions } from './passwords/bind-as-person.ts';
import { createVerifyPassword } from './passwords/verify-password.ts';
import { createVerifyUnread } from './passwords/verify-unread.ts';
import { createPeople, type FindOptions } from './people/find-person.ts';
import { createReadPerson } from './people/read-person.ts';
import { type AdmitAgain, createRecheckPeople } from './people/recheck-people.ts';
import { createUnreadPeople } from './people/unread-people.ts';
import { createPing } from './ping.ts';
import { searchAsService } from './search-as-service.ts';
import { type ConnectionOptions, createConnections } from './servers/open-connections.ts';

/** How to reach a directory and whom to find there; durations in milliseconds. */
export interface LdapDirectoryOptions extends ConnectionOptions, FindOptions, PersonBindOptions {
  readonly id: string;
  /** Without it nobody's groups are read. */
  readonly groups?: GroupOptions;
  /** Without it the directory is taken to lock nobody out. */
  readonly lockout?: LockoutOptions;
}

/**
 * A directory behind LDAP. Nothing is connected before the first call.
 * @throws {Error} where the filter, the template, a URL, the CA certificates or a DN of a group are unusable, or
 * groups decide and there is no service account to read them
 */
export function createLdapDirectory(options: LdapDirectoryOptions, log: Log): Directory & AsyncDisposable {
  const connections = createConnections(options, log);
  const search = searchAsService(connections, options);
  const admitted = createAdmission(options, search, log);
  const lockouts = options.lockout && createLockoutReader({ search, log }, options.id, options.lockout);
  const readPerson = createReadPerson({ now: Date.now, log }, options);
  const admit: Admit = (principal, signal, through) =>
    answered('a search for groups', signal, () => admitted(principal, signal, through));
  const admitAgain: AdmitAgain = (principal, heard, signal) =>
    admit(principal, signal, searchAsService(connections, options, heard));
  const people = hasServiceAccount(options)
    ? {
        ...createPeople(connections, options, readPerson, lockouts),
        recheck: createRecheckPeople({ connections, readPerson, admit: admitAgain }, options),
      }
    : createUnreadPeople(options, lockoutByThreshold(options.lockout?.threshold));
  const verifyUnread = createVerifyUnread(connections, options, readPerson);
  return {
    ...people,
    verifyPassword: createVerifyPassword(connections, options, verifyUnread),
    admit: (principal, signal) => admit(principal, signal),
    isUp: () => connections.isUp(),
    ping: createPing(connections, options),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

/** Groups are searched for as the service account, never as the person. */
function createAdmission(options: LdapDirectoryOptions, search: GroupSearch, log: Log): Admit {
  const { groups, userBase } = options;
  if (!groups) return async (principal) => ({ principal });
  return createAdmitByGroups(
    { search: hasServiceAccount(options) ? search : undefined, log },
    groups,
    userBase,
  );
}
