import { type AccountScripts, accountScripts } from './account-scripts.ts';
import { type AttemptScripts, attemptScripts } from './attempt-scripts.ts';
import { type BrakeScripts, brakeScripts } from './brake-scripts.ts';
import { type MarkedScripts, markedScripts } from './marked-scripts.ts';
import { type SecretScripts, secretScripts } from './secret-scripts.ts';
import { type WatchScripts, watchScripts } from './watch-scripts.ts';

/** Everything that Redis runs for us. */
export interface Scripts
  extends AccountScripts,
    AttemptScripts,
    BrakeScripts,
    MarkedScripts,
    SecretScripts,
    WatchScripts {}

/** The scripts' Lua, by the name that ioredis gives the command. */
export const scripts: Record<keyof Scripts, { lua: string; numberOfKeys: number }> = {
  ...accountScripts,
  ...attemptScripts,
  ...brakeScripts,
  ...markedScripts,
  ...secretScripts,
  ...watchScripts,
};
