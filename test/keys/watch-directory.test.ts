import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createMemoryWatchLease } from '../../src/adapters/memory/watch-lease.ts';
import { Unavailable } from '../../src/errors.ts';
import { watchDirectory } from '../../src/keys/watch-directory.ts';
import type { DirectoryWatch } from '../../src/ports/directory-watch.ts';
import { alwaysThere, type StorePresence } from '../../src/ports/store-presence.ts';
import type { WatchLease } from '../../src/ports/watch-lease.ts';
import { alice } from '../adapters/directory-contract.ts';
import { until } from '../support/until.ts';
import { aliceAs, startRevalidating } from './revalidating.ts';

const EVERY_MS = 10;

/** A watch of this process: tells what it is given to tell, to whoever looks next. */
function createMemoryWatch() {
  const told: (string | undefined)[] = [];
  let pending: string[] = [];
  let isAway = false;
  const watch: DirectoryWatch = {
    directoryId: 'corp',
    async changesSince(cursor) {
      if (isAway) throw new Unavailable('directory', 'away');
      told.push(cursor);
      const entryIds = pending;
      pending = [];
      return { cursor: String(told.length), entryIds };
    },
  };
  return {
    watch,
    told,
    tell: (...entryIds: string[]) => {
      pending.push(...entryIds);
    },
    setAway: (away: boolean) => {
      isAway = away;
    },
  };
}

/** A store that is away until it is said to be there. */
function createMemoryPresence() {
  const waiting = new Set<() => void>();
  let isThere = false;
  const presence: StorePresence = {
    isThere: () => isThere,
    untilThere: (signal) =>
      new Promise((resolve) => {
        if (isThere || signal.aborted) return resolve();
        waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  return {
    presence,
    waiting: () => waiting.size,
    setThere: (there: boolean) => {
      isThere = there;
      for (const resolve of there ? waiting : []) resolve();
      if (there) waiting.clear();
    },
  };
}

describe('watching a directory', () => {
  let stack = new AsyncDisposableStack();
  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  function start() {
    const domain = startRevalidating();
    const memoryWatch = createMemoryWatch();
    const leases = createMemoryWatchLease(() => performance.now());
    // As long as the test: only who lets go lets another in.
    const lease: WatchLease = {
      ...leases,
      hold: (directoryId, holder, _forMs, cursor) => leases.hold(directoryId, holder, 60_000, cursor),
    };
    const { accounts, revalidate, log } = domain;
    const replica = (
      holder: string,
      watch = memoryWatch.watch,
      presence = alwaysThere,
      everyMs = EVERY_MS,
    ) => {
      const parts = { watch, lease, presence, accounts, revalidate, log, holder };
      const watching = watchDirectory(parts, everyMs);
      stack.use(watching);
      return watching;
    };
    return { ...domain, ...memoryWatch, memoryPresence: createMemoryPresence(), lease, replica };
  }

  test('suspends a leaver without their key being used', async () => {
    const { issue, memory, accounts, tell, replica } = start();
    const { account } = await issue();
    replica('one');
    memory.setPeople([]);
    tell('somebody without an account', alice.entryId);
    await until('the leaver is out', async () => (await accounts.read(account.id))?.suspension !== undefined);
    expect((await accounts.read(account.id))?.suspension?.reason).toBe('not-found');
  });

  test('has who is let back in live again', async () => {
    const { issue, memory, accounts, tell, replica, advance, revalidate } = start();
    const { account } = await issue();
    memory.setPeople([aliceAs({}, 'account-disabled')]);
    await revalidate(account);
    memory.setPeople([aliceAs()]);
    advance(1);
    replica('one');
    tell(alice.entryId);
    await until('she is back', async () => (await accounts.read(account.id))?.suspension === undefined);
  });

  test('goes on from where it was, one replica for all, and another takes over at once when it ends', async () => {
    const { told, replica, lease, log } = start();
    const one = replica('one');
    await until('it has looked', () => told.length > 2);
    replica('two');
    await one[Symbol.asyncDispose]();
    const seen = told.length;
    await until('the other looks', () => told.length > seen + 2);
    expect(told).toEqual(told.map((_, at) => (at === 0 ? undefined : String(at))));
    expect(await lease.hold('corp', 'one', 1)).toBeUndefined();
    expect(log.lines.join('\n')).not.toContain('cannot be watched');
  });

  test('says once that the directory does not answer, goes on by itself, and loses no change', async () => {
    const { issue, memory, accounts, tell, replica, setAway, told, log } = start();
    const { account } = await issue();
    setAway(true);
    replica('one');
    await until('it is said', () => log.lines.some((line) => line.includes('cannot be watched')));
    memory.setPeople([]);
    tell(alice.entryId);
    setAway(false);
    await until('the leaver is out', async () => (await accounts.read(account.id))?.suspension !== undefined);
    await until('it goes on', () => told.length > 2);
    expect(log.lines.filter((line) => line.includes('cannot be watched'))).toHaveLength(1);
    expect(log.lines.filter((line) => line.includes('watched again'))).toHaveLength(1);
  });

  test('does not complain of a store that is known to be away, and looks as soon as it is there', async () => {
    const { replica, lease, memoryPresence, told, log } = start();
    const { presence, setThere } = memoryPresence;
    const hold = lease.hold;
    let refused = 0;
    lease.hold = async (...args) => {
      if (presence.isThere()) return hold(...args);
      refused += 1;
      throw new Unavailable('store', 'Redis did not answer');
    };
    replica('one', undefined, presence);
    await until('it has tried', () => refused > 1);
    setThere(true);
    await until('it looks', () => told.length > 1);
    const seen = told.length;
    const before = refused;
    setThere(false);
    await until('it has tried again', () => refused > before);
    setThere(true);
    await until('it goes on', () => told.length > seen);
    expect(log.lines.map((line) => JSON.parse(line).message)).toEqual(['watching the directory for changes']);
  });

  test('waits for the first look until the store is there', async () => {
    const { replica, memoryPresence, told, lease } = start();
    const { presence, setThere, waiting } = memoryPresence;
    let isAsked = false;
    const hold = lease.hold;
    lease.hold = async (...args) => {
      isAsked = true;
      return hold(...args);
    };
    replica('one', undefined, presence, 60_000);
    await until('it waits for the store', () => waiting() === 1);
    expect(isAsked).toBe(false);
    setThere(true);
    await until('it looks', () => told.length === 1);
  });

  test('looks all the same where only another part of the store is away', async () => {
    const { replica, memoryPresence, told } = start();
    replica('one', undefined, memoryPresence.presence);
    await until('it looks', () => told.length > 2);
  });

  test('says so where the store is there and yet does not answer', async () => {
    const { replica, lease, log, told } = start();
    const hold = lease.hold;
    lease.hold = async () => {
      throw new Unavailable('store', 'Redis did not answer');
    };
    replica('one');
    await until('it is said', () => log.lines.some((line) => line.includes('cannot be watched')));
    lease.hold = hold;
    await until('it looks', () => told.length > 1);
    expect(log.lines.filter((line) => line.includes('cannot be watched'))).toHaveLength(1);
    expect(log.lines.filter((line) => line.includes('watched again'))).toHaveLength(1);
  });

  test('ends while it waits for the store', async () => {
    const { replica, memoryPresence, told } = start();
    const watching = replica('one', undefined, memoryPresence.presence, 60_000);
    await until('it waits', () => memoryPresence.waiting() === 1);
    await watching[Symbol.asyncDispose]();
    expect(told).toEqual([]);
  });

  test('asks about the others where one cannot be asked about', async () => {
    const { issue, memory, accounts, tell, replica, log, told } = start();
    const { account } = await issue();
    replica('one');
    memory.setPeople([]);
    const read = accounts.read;
    await accounts.point('corp', 'broken', 99);
    accounts.read = async (id) => {
      if (id === 99) throw new Unavailable('store', 'away');
      return read(id);
    };
    tell('broken', alice.entryId);
    await until('the leaver is out', async () => (await read(account.id))?.suspension !== undefined);
    const seen = told.length;
    await until('it goes on', () => told.length > seen + 1);
    expect(log.lines.join('\n')).not.toContain('cannot be watched');
  });

  test('leaves nothing behind at each look', async () => {
    const { watch, told, replica } = start();
    const left: number[] = [];
    replica('one', {
      ...watch,
      changesSince(cursor, signal) {
        if (signal) left.push(getEventListeners(signal, 'abort').length);
        return watch.changesSince(cursor, signal);
      },
    });
    await until('it has looked often', () => told.length > 5);
    expect(Math.max(...left)).toBeLessThanOrEqual(1);
  });
});
