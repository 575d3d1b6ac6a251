import { type Entry, EqualityFilter, ResultCodeError, type SearchOptions } from 'ldapts';
import { Unavailable } from '../../../errors.ts';
import type { DirectoryWatch } from '../../../ports/directory-watch.ts';
import { attributeName } from '../attribute-name.ts';
import { attributeValues } from '../attribute-values.ts';
import { entryIdOf } from '../people/principal-of.ts';
import { DirSyncControl } from './dir-sync-control.ts';
import { readCursor, writeCursor } from './dir-sync-cursor.ts';
import type { PeopleOptions } from './ids-of-members.ts';
import type { PeopleInChain } from './people-in-chain.ts';
import type { WatchSearch } from './watch-search.ts';
import type { NamingContextOf } from './watched-places.ts';

/** What a watch by DirSync is made of. */
export interface DirSyncParts {
  readonly search: WatchSearch;
  readonly namingContextOf: NamingContextOf;
  readonly peopleInChain: PeopleInChain;
}

/** What is watched. */
export interface DirSyncOptions extends PeopleOptions {
  /** The attributes whose change is told. */
  readonly watched: readonly string[];
  /** Whether groups are watched too. */
  readonly hasGroups: boolean;
}

/** A server gives no more in one answer, in bytes as it counts. */
const ANSWER_BYTES = 1_048_576;
const MAX_ANSWERS = 10_000;
const UNAVAILABLE_CRITICAL_EXTENSION = 12;
/** No object has it: the server goes through all of the directory, and sends nothing but the cookie. */
const NOBODY = new EqualityFilter({ attribute: 'objectGUID', value: Buffer.alloc(16) });

interface Answers {
  readonly entries: readonly Entry[];
  readonly cookie: Buffer;
}

/**
 * Watch by DirSync (MS-ADTS, 3.1.1.3.4.1.3): the server itself keeps account of what has been told, in the cookie that
 * is the cursor, and one request tells what changed since. A cookie that it does not take begins anew.
 */
export function createDirSyncWatch(
  parts: DirSyncParts,
  options: DirSyncOptions,
): DirectoryWatch['changesSince'] {
  const { search, namingContextOf, peopleInChain } = parts;
  const { attributes } = options;
  const how: SearchOptions = {
    scope: 'sub',
    attributes: [attributes.id, ...options.watched, ...(options.hasGroups ? [MEMBER] : [])],
    explicitBufferAttributes: attributes.idSyntax === 'octets' ? [attributes.id] : [],
  };

  const answersSince = async (
    context: string,
    after: Buffer | undefined,
    signal?: AbortSignal,
  ): Promise<Answers> => {
    const entries: Entry[] = [];
    const asked = after ? how : { ...how, filter: NOBODY };
    let cookie = after;
    for (let answers = 0; answers < MAX_ANSWERS; answers += 1) {
      const control = new DirSyncControl(cookie, ANSWER_BYTES);
      entries.push(...(await search.all(context, asked, signal, control)));
      cookie = control.cookie;
      if (cookie === undefined || cookie.length === 0) throw new Unavailable('directory', NO_COOKIE);
      if (!control.hasMore) return { entries, cookie };
    }
    throw new Unavailable('directory', 'DirSync has no end');
  };

  const idsOf = async (
    context: string,
    entries: readonly Entry[],
    signal?: AbortSignal,
  ): Promise<string[]> => {
    const ids = new Set<string>();
    const toRead = new Set<string>();
    for (const entry of entries) {
      const id = entryIdOf(entry, attributes);
      if (id !== undefined) ids.add(id);
      // Another id than the objectGUID is told only where it changed.
      else toRead.add(entry.dn);
      for (const dn of changedMembers(entry)) toRead.add(dn);
    }
    return [...new Set([...ids, ...(await peopleInChain(context, [...toRead], signal))])];
  };

  return async (cursor, signal) => {
    const context = await namingContextOf(signal);
    if (context === undefined) throw new Unavailable('directory', NO_CONTEXT);
    const after = readCursor(cursor);
    const answers = await answersSince(context, after, signal).catch((failure) => {
      if (!isRefusedCookie(failure, after)) throw refusal(failure, context);
      return answersSince(context, undefined, signal).catch((again) => {
        throw refusal(again, context);
      });
    });
    const entryIds = await idsOf(context, answers.entries, signal);
    return { cursor: writeCursor(answers.cookie), entryIds };
  };
}

const MEMBER = 'member';

/** Members that came, and those that went: `member;range=1-1` and `member;range=0-0`. */
function changedMembers(entry: Entry): readonly string[] {
  return Object.keys(entry)
    .filter((name) => attributeName(name) === MEMBER || attributeName(name).startsWith(`${MEMBER};range=`))
    .flatMap((name) => attributeValues(entry, name).map(String));
}

function isRefusedCookie(failure: unknown, cookie: Buffer | undefined): boolean {
  return (
    cookie !== undefined &&
    failure instanceof ResultCodeError &&
    failure.code === UNAVAILABLE_CRITICAL_EXTENSION
  );
}

/** What an operator can do about it, where the server says that it will not. */
function refusal(failure: unknown, context: string): unknown {
  if (!(failure instanceof ResultCodeError)) return failure;
  if (failure.code === UNAVAILABLE_CRITICAL_EXTENSION)
    return new Unavailable('directory', NO_DIR_SYNC, failure);
  const fix = `the directory refused DirSync: let the service account read ${context}, or grant it "Replicating Directory Changes" there, or set watch to none`;
  return new Unavailable('directory', fix, failure);
}

const NO_DIR_SYNC = 'the directory knows no DirSync: set watch to modifyTimestamp, or to none';
const NO_COOKIE = 'the directory answered DirSync without a cookie';
const NO_CONTEXT =
  'DirSync needs the naming context of userBase (LDAP_USER_BASE), which the root DSE does not name or the service account may not read';
