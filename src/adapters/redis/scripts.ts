import { type AccountScripts, accountScripts } from './account-scripts.ts';
import { type AttemptScripts, attemptScripts } from './attempt-scripts.ts';
import { type BrakeScripts, brakeScripts } from './brake-scripts.ts';
import { type MarkedScripts, markedScripts } from './marked-scripts.ts';
import { publishing } from './publishing.ts';
import { type ReadScripts, readScripts } from './read-scripts.ts';
import { type SecretScripts, secretScripts } from './secret-scripts.ts';
import { type WatchScripts, watchScripts } from './watch-scripts.ts';

/** Everything that Redis runs for us. */
export interface Scripts
  extends AccountScripts,
    AttemptScripts,
    BrakeScripts,
    MarkedScripts,
    ReadScripts,
    SecretScripts,
    WatchScripts {}

type Commands<Name> = Record<Name & string, { lua: string; numberOfKeys: number }>;

/** The Lua of those that change something, by the name that ioredis gives the command. */
const changingScripts: Commands<Exclude<keyof Scripts, keyof ReadScripts>> = {
  ...accountScripts,
  ...attemptScripts,
  ...brakeScripts,
  ...markedScripts,
  ...secretScripts,
  ...watchScripts,
};

/** Those that keep somebody out, or are needed for it: they take next to no memory. */
const RUN_WHEN_FULL: ReadonlySet<string> = new Set<keyof Scripts>([
  'suspendAccount',
  'stopAccount',
  'restoreAccount',
  'revokeKey',
  'removeAccount',
  'unpointEntry',
  'confirmAccount',
  'touchAccount',
  'touchPointer',
  'settleAccount',
  'countChecked',
  'countAbsent',
  'releaseBrake',
  'holdWatch',
  'letGoOfWatch',
]);
/** Redis 7.0 and newer: the script runs although maxmemory is reached (flags of scripts, `allow-oom`). */
const ALLOW_OOM = '#!lua flags=allow-oom\n';

/** All of them as they are sent: on a Cluster those that change an account also publish that. */
export function scriptsOf({ isCluster }: { readonly isCluster: boolean }): Commands<keyof Scripts> {
  const changing = isCluster ? publishing(changingScripts) : changingScripts;
  const commands = Object.entries({ ...changing, ...readScripts }).map(([name, command]) => {
    const lua = RUN_WHEN_FULL.has(name) ? ALLOW_OOM + command.lua : command.lua;
    return [name, { ...command, lua }];
  });
  return Object.fromEntries(commands) as Commands<keyof Scripts>;
}
