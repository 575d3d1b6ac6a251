import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type Budgeted, findBudgets, type SignInNames } from '../auth/find-budgets.ts';
import { signInBudgets } from '../auth/sign-in-budgets.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { Unavailable } from '../errors.ts';
import { createSecretRing } from '../keys/secret-ring.ts';
import { openDirectories } from '../open-directory.ts';
import { openStore, type Store } from '../open-store.ts';
import type { AttemptCounter, Standing } from '../ports/attempt-counter.ts';
import type { Log } from '../ports/log.ts';
import { canonicalName, personBudget } from '../sign-in-settings.ts';
import { loadOrExit, makeOrExit } from './load-or-exit.ts';

/** What is done with the budgets of a name. */
export type AttemptsAction = 'show' | 'clear';

/** Where a command writes: its result, and its complaints. */
export interface Output {
  readonly output: Writable;
  readonly errors: Writable;
}

/** Between two looks whether Redis is connected, in milliseconds. */
const PAUSE_MS = 20;
/** The command's own lines say what an operator needs. */
const silent: Log = { info() {}, warn() {}, error() {} };

/**
 * Show or clear what counts as failed sign-ins of the person whom `name` stands for: under every name of
 * theirs, and under the person. Gives the exit code: 0; 1 where no directory knows the name (what was counted
 * under it is shown or cleared all the same), or the directory or Redis does not answer.
 */
export async function attemptsCommand(
  env: Environment,
  action: AttemptsAction,
  name: string,
  { output, errors }: Output,
): Promise<number> {
  const { config } = loadOrExit(env);
  if (config.redis.url === 'memory:') {
    errors.write(
      'REDIS_URL=memory: attempts are counted inside the running service; restarting it forgets them\n',
    );
    return 1;
  }
  await using directories = makeOrExit(() => openDirectories(config.directories, silent));
  await using store = openStore(config, silent);
  try {
    await connected(store, config);
    const canonical = canonicalName(config);
    const { keys, digestName } = signInBudgets({ ring: createSecretRing(config.secret), canonical });
    const names: SignInNames = { directory: directories.directory, canonical, digestName, keys };
    const { budgets, unknown } = await findBudgets(names, name, personBudget(config));
    for (const one of budgets) output.write(await lines[action](store.attempts, one));
    if (unknown)
      errors.write(`no directory can say who this is (${unknown}): only the name itself was looked at\n`);
    return unknown ? 1 : 0;
  } catch (failure) {
    if (!(failure instanceof Unavailable)) throw failure;
    errors.write(`${failure.part === 'store' ? 'Redis' : 'the directory'} did not answer\n`);
    return 1;
  }
}

/** Do it to one budget, and say so. */
const lines: Record<AttemptsAction, (counter: AttemptCounter, one: Budgeted) => Promise<string>> = {
  async show(counter, { label, key, budget }) {
    const { strangers, familiar } = await counter.show(key, budget);
    const second = familiar ? `  familiar:  ${describe(familiar)}\n` : '';
    return `${label}\n  strangers: ${describe(strangers)}\n${second}`;
  },
  async clear(counter, { label, key }) {
    await counter.clear(key);
    return `${label}: cleared\n`;
  },
};

function describe({ used, remaining, retryAfterMs }: Standing): string {
  const wait = retryAfterMs > 0 ? `, next in ${Math.ceil(retryAfterMs / 1000)} s` : '';
  return `${used} used, ${remaining} left${wait}`;
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
