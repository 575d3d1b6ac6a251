import { type AccountScripts, accountScripts } from './account-scripts.ts';
import { type AttemptScripts, attemptScripts } from './attempt-scripts.ts';
import { type BrakeScripts, brakeScripts } from './brake-scripts.ts';
import { type MarkedScripts, markedScripts } from './marked-scripts.ts';
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
export const changingScripts: Commands<Exclude<keyof Scripts, keyof ReadScripts>> = {
  ...accountScripts,
  ...attemptScripts,
  ...brakeScripts,
  ...markedScripts,
  ...secretScripts,
  ...watchScripts,
};

/** The same for all of them. */
export const scripts: Commands<keyof Scripts> = { ...changingScripts, ...readScripts };
