import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { Unavailable } from '../errors.ts';
import { openDirectories } from '../open-directory.ts';
import { openStore, type Store } from '../open-store.ts';
import type { Directory } from '../ports/directory.ts';
import type { Log } from '../ports/log.ts';
import { loadOrExit, makeOrExit } from './load-or-exit.ts';

/** Where a command writes: its result, and its complaints. */
export interface Output {
  readonly output: Writable;
  readonly errors: Writable;
}

/** What a command works on: the same directories and Redis as the service that has these settings. */
export interface Opened {
  readonly config: Config;
  /** Every directory as one. */
  readonly directory: Directory;
  readonly store: Store;
}

/** Between two looks whether Redis is connected, in milliseconds. */
const PAUSE_MS = 20;
/** The command's own lines say what an operator needs. */
const silent: Log = { info() {}, warn() {}, error() {} };

/**
 * Lend the directories and Redis to `use`, once Redis answers. Gives the exit code: that of `use`; 1 where Redis or the
 * directory does not answer, where a change may be lost by a failover, or where nothing is kept in Redis. Settings that
 * are wrong end the process as `loadOrExit` does.
 */
export async function withStore(
  env: Environment,
  { errors }: Output,
  use: (opened: Opened) => Promise<number>,
): Promise<number> {
  const { config } = loadOrExit(env);
  if (config.redis.url === 'memory:') {
    errors.write(
      'REDIS_URL=memory: everything is kept inside the running service, and gone when it ends: nothing can be seen or changed from here\n',
    );
    return 1;
  }
  await using directories = makeOrExit(() => openDirectories(config.directories, silent));
  await using store = openStore(config, silent);
  try {
    await connected(store, config);
    return await use({ config, directory: directories.directory, store });
  } catch (failure) {
    if (!(failure instanceof Unavailable)) throw failure;
    errors.write(`${complaint(failure)}\n`);
    return 1;
  }
}

function complaint(failure: Unavailable): string {
  return failure.part === 'store' ? failure.message : 'the directory did not answer';
}

/** Commands fail while the first connection is on its way: resolves when Redis answers. @throws {Unavailable} */
async function connected({ accounts }: Store, { redis }: Config): Promise<void> {
  const until = performance.now() + redis.connectTimeout;
  for (;;) {
    try {
      return await accounts.ping();
    } catch (failure) {
      if (performance.now() > until) throw failure;
      await pause(PAUSE_MS);
    }
  }
}
