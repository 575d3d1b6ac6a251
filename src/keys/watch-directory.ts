import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../errors.ts';
import type { AccountStore } from '../ports/account-store.ts';
import type { DirectoryWatch } from '../ports/directory-watch.ts';
import type { Log } from '../ports/log.ts';
import type { StorePresence } from '../ports/store-presence.ts';
import type { WatchLease } from '../ports/watch-lease.ts';
import type { Revalidate } from './revalidate.ts';

/** What watching rests on. */
export interface WatchingParts {
  readonly watch: DirectoryWatch;
  readonly lease: WatchLease;
  /** Where the lease and the accounts are kept. */
  readonly presence: StorePresence;
  readonly accounts: Pick<AccountStore, 'findId' | 'read'>;
  readonly revalidate: Revalidate;
  readonly log: Log;
  /** Names this replica, and no other. */
  readonly holder: string;
}

/** How many leaps of the clock a replica may miss before another takes the lease over. */
const LEASE_LOOKS = 5;
/** So many accounts are asked about at once. */
const AT_ONCE = 100;

/**
 * Look for changes in a directory every so often, one replica for all, and ask again about the accounts of everybody who
 * changed: so that a leaver is out at once instead of when the key is next asked about. What fails is told to the log
 * once and tried again; what is not seen falls to revalidation on use. While the store is away, that is told
 * elsewhere and not here. Disposing it lets another replica go on at once.
 * @param everyMs between two looks, in milliseconds
 */
export function watchDirectory(parts: WatchingParts, everyMs: number): AsyncDisposable {
  const { watch, lease, presence, log, holder } = parts;
  const { directoryId } = watch;
  const ending = new AbortController();
  let watches: boolean | undefined;
  let fails = false;

  const note = (isWatching: boolean) => {
    if (isWatching !== watches && isWatching)
      log.info({ directory: directoryId }, 'watching the directory for changes');
    watches = isWatching;
  };
  // No longer than to the next look: where a part of the store is away, the lease may be kept in another.
  const forStore = async () => {
    if (presence.isThere()) return;
    await presence.untilThere(AbortSignal.any([ending.signal, AbortSignal.timeout(everyMs)]));
  };
  const look = async () => {
    await forStore();
    if (ending.signal.aborted) return;
    try {
      const held = await lease.hold(directoryId, holder, everyMs * LEASE_LOOKS);
      note(held !== undefined);
      if (!held) return;
      const { cursor, entryIds } = await watch.changesSince(held.cursor, ending.signal);
      await askAbout(parts, entryIds);
      if (cursor !== held.cursor) await lease.hold(directoryId, holder, everyMs * LEASE_LOOKS, cursor);
      if (fails) log.info({ directory: directoryId }, 'the directory is watched again');
      fails = false;
    } catch (err) {
      const isToldElsewhere = err instanceof Unavailable && err.part === 'store' && !presence.isThere();
      if (ending.signal.aborted || isToldElsewhere) return;
      if (!fails)
        log.warn(
          { err, directory: directoryId },
          'the directory cannot be watched: keys are revalidated on use alone',
        );
      fails = true;
    }
  };
  const looking = repeat(look, everyMs, ending.signal);
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await looking;
      if (watches) await lease.letGo(directoryId, holder).catch(() => {});
    },
  };
}

async function repeat(look: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await pause(everyMs, signal);
  }
}

/** Over at once where `signal` is aborted; keeps no process alive. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => {});
}

/** Whose directory does not answer meanwhile is revalidated on use, as everybody is. */
async function askAbout(parts: WatchingParts, entryIds: readonly string[]): Promise<void> {
  for (let at = 0; at < entryIds.length; at += AT_ONCE) {
    await Promise.allSettled(entryIds.slice(at, at + AT_ONCE).map((entryId) => askAboutOne(parts, entryId)));
  }
}

async function askAboutOne({ watch, accounts, revalidate }: WatchingParts, entryId: string): Promise<void> {
  const id = await accounts.findId(watch.directoryId, entryId);
  const account = id === undefined ? undefined : await accounts.read(id);
  if (account?.entryId === entryId && account.directoryId === watch.directoryId) await revalidate(account);
}
