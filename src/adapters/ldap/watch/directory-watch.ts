import type { DirectoryWatch } from '../../../ports/directory-watch.ts';
import type { Log } from '../../../ports/log.ts';
import { answered } from '../answered.ts';
import { attributeName } from '../attribute-name.ts';
import { hasServiceAccount } from '../connection/bind-as-service.ts';
import type { GroupOptions } from '../groups/group-options.ts';
import { matchAnybody } from '../people/match-anybody.ts';
import type { PersonAttributes } from '../people/principal-of.ts';
import { parseUserFilter } from '../people/user-filter.ts';
import { type ConnectionOptions, createConnections } from '../servers/open-connections.ts';
import { createDirSyncWatch } from './by-dir-sync.ts';
import { createTimestampWatch } from './by-modify-timestamp.ts';
import { filterAttributes } from './filter-attributes.ts';
import { createGroupChanges } from './group-changes.ts';
import { createIdsOfMembers } from './ids-of-members.ts';
import { createPeopleInChain } from './people-in-chain.ts';
import { createWatchSearch } from './watch-search.ts';
import { createBasesOf } from './watched-bases.ts';
import { watchedGroups } from './watched-groups.ts';
import { createNamingContextOf } from './watched-places.ts';

/** How to reach a directory, and whose changes to look for there; durations in milliseconds. */
export interface DirectoryWatchOptions extends ConnectionOptions {
  readonly id: string;
  /** What the server can do (`config/default.yaml`); `none`: it is not watched. */
  readonly watch: 'dirSync' | 'modifyTimestamp' | 'none';
  /** RFC 4515, `{username}` in it: whose attributes count for a person. */
  readonly userFilter: string;
  readonly attributes: PersonAttributes;
  /** Without it nobody's groups are watched, unless the user filter asks for `memberOf`. */
  readonly groups?: GroupOptions;
}

/** The clocks that a watch reads, in milliseconds. */
export interface WatchClocks {
  /** Since 1970. */
  readonly now: () => number;
  /** One that nobody sets. */
  readonly monotonic: () => number;
}

/** A group of twenty thousand members is a message of more than a megabyte. */
const MAX_MESSAGE_BYTES = 16_777_216;

/**
 * Make the watch of a directory; `undefined`: it is not to be watched, or there is no service account that could.
 * It has a connection of its own, so that whatever an answer to it does to that, nobody's sign-in fails by it. Nothing
 * is connected before the first look.
 * @throws {Error} where a setting is unusable
 */
export function createDirectoryWatch(
  { log, clocks = SYSTEM_CLOCKS }: { readonly log: Log; readonly clocks?: WatchClocks },
  options: DirectoryWatchOptions,
): (DirectoryWatch & AsyncDisposable) | undefined {
  if (options.watch === 'none' || !hasServiceAccount(options)) return undefined;
  const connections = createConnections(
    {
      ...options,
      id: `${options.id} (watch)`,
      searchConnections: 1,
      maxMessageBytes: Math.max(options.maxMessageBytes, MAX_MESSAGE_BYTES),
    },
    log,
  );
  const search = createWatchSearch(connections, options);
  const everybody = matchAnybody(parseUserFilter(options.userFilter));
  const groups = watchedGroups(options, everybody);
  const namingContextOf = createNamingContextOf(search, options.userBase);
  const look =
    options.watch === 'dirSync'
      ? createDirSyncWatch(
          { search, namingContextOf, peopleInChain: createPeopleInChain({ search, log }, options) },
          {
            ...options,
            watched: watchedAttributes(options.attributes, filterAttributes(everybody)),
            hasGroups: groups !== undefined,
          },
        )
      : createTimestampWatch(
          {
            search,
            log,
            clocks,
            basesOf: createBasesOf(namingContextOf, options.userBase, groups),
            groupChanges: groups && createGroupChanges({ search, log }, groups, options.id),
            idsOfMembers: createIdsOfMembers({ search, log }, options, groups?.maxDepth ?? 0),
          },
          options,
        );
  return {
    directoryId: options.id,
    changesSince: (cursor, signal) => answered('a look for changes', signal, () => look(cursor, signal)),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

/** What says something about a person on Active Directory; `name` changes when an entry is renamed or moved. */
function watchedAttributes(
  { username, email, fullName, disabledBy }: PersonAttributes,
  ofFilter: readonly string[],
): readonly string[] {
  const own = ['name', 'isDeleted', 'primaryGroupID', username, email, fullName];
  const asked = [...own, ...Object.keys(disabledBy), ...ofFilter];
  const byName = new Map(asked.map((name) => [attributeName(name), name]));
  // The server works it out from the groups' members.
  byName.delete('memberof');
  return [...byName.values()];
}

const SYSTEM_CLOCKS: WatchClocks = { now: Date.now, monotonic: () => performance.now() };
