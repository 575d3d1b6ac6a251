import type { Log } from '../../../ports/log.ts';

/** Warns, but not twice of the same: `fields` and `message` say what is the same, `err` why this time. */
export type TellOnce = (fields: object, message: string, err?: unknown) => void;

/**
 * Make one.
 * @param directory its id, in every line
 */
export function createTellOnce(log: Log, directory: string): TellOnce {
  const told = new Set<string>();
  return (fields, message, err) => {
    const about = JSON.stringify([message, fields]);
    if (told.has(about)) return;
    told.add(about);
    log.warn({ directory, ...fields, ...(err !== undefined && { err }) }, message);
  };
}
