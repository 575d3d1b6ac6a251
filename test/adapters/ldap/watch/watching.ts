import {
  createDirectoryWatch,
  type DirectoryWatchOptions,
} from '../../../../src/adapters/ldap/watch/directory-watch.ts';
import type { DirectoryWatch } from '../../../../src/ports/directory-watch.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { until } from '../../../support/until.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { ldapOptions } from '../options.ts';

/** A server, and its service account. */
type Server = { readonly url: string; readonly serviceDn: string; readonly servicePassword: string };

/** Somebody who watches a directory, and has looked once. */
export type Watching = AsyncDisposable & {
  /** The ids that were told since the look before. */
  look(): Promise<readonly string[]>;
  /** Looks until nothing is told any more. */
  quiet(): Promise<void>;
  /** Looks until `id` has been told; gives all that were told meanwhile. */
  lookFor(id: string, within?: number): Promise<readonly string[]>;
  /** Where the next look goes on from. */
  cursor(): string;
  readonly lines: readonly string[];
};

/** The groups of the tests' directories, one of which people must be in. */
export const requiredGroup = 'cn=staff,ou=groups,dc=example,dc=org';

/** Options for a directory whose groups decide, in clear, and what is different this time. */
export function watchOptions(
  server: Server,
  different: Partial<DirectoryWatchOptions> = {},
): DirectoryWatchOptions {
  return {
    ...ldapOptions({ urls: [server.url], bindDn: server.serviceDn, bindPassword: server.servicePassword }),
    watch: 'modifyTimestamp',
    groups: groupOptions({ base: 'ou=groups,dc=example,dc=org', requiredGroup }),
    ...different,
  };
}

/** Makes a watch; throws where there is to be none. */
export function openWatch(
  ...made: Parameters<typeof createDirectoryWatch>
): DirectoryWatch & AsyncDisposable {
  const watch = createDirectoryWatch(...made);
  if (!watch) throw new Error('it is not to be watched');
  return watch;
}

/** Begins to watch, from `cursor` where one is given. Throws what the first look throws. */
export async function startWatching(options: DirectoryWatchOptions, cursor?: string): Promise<Watching> {
  const log = recordingLog();
  const watch = openWatch({ log }, options);
  let next = cursor ?? (await watch.changesSince(undefined)).cursor;
  const look = async () => {
    const changes = await watch.changesSince(next);
    next = changes.cursor;
    return changes.entryIds;
  };
  return {
    look,
    quiet: async () => {
      await until('nothing is told any more', async () => (await look()).length === 0);
    },
    lookFor: async (id, within) => {
      const told: string[] = [];
      await until(
        `${id} is told`,
        async () => {
          told.push(...(await look()));
          return told.includes(id);
        },
        within,
      );
      return told;
    },
    cursor: () => next,
    lines: log.lines,
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}
