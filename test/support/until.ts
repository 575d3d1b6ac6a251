import { setTimeout as delay } from 'node:timers/promises';

/**
 * How long something is waited for that comes if all is well, in milliseconds. It is long because it costs nothing
 * then: on a busy machine the kernel reads the pages of idle programs from disk again, and seconds pass before they
 * answer. A test may last longer (`testTimeout` of jest.config.ts), so that what was waited for is told.
 */
export const PATIENCE_MS = 60_000;

/**
 * Waits until `probe` gives something, asking again every 20 ms; a probe that throws has given nothing yet.
 * Takes what is waited for, in words for the error, the limit in ms, and what tells of how far it is.
 * Gives what the probe gave; throws when the limit has passed, with what `seen` gives then, or without it what the probe
 * gave last, and with the probe's last error as the cause.
 */
export async function until<T>(
  what: string,
  probe: () => T | false | undefined | Promise<T | false | undefined>,
  within = PATIENCE_MS,
  seen?: () => unknown,
): Promise<T> {
  const deadline = performance.now() + within;
  let cause: unknown;
  let last: unknown;
  do {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
      last = String(found);
    } catch (error) {
      cause = error;
      last = String(error);
    }
    await delay(20);
  } while (performance.now() < deadline);
  const told = seen === undefined ? last : JSON.stringify(seen());
  throw new Error(`waited ${within} ms in vain until ${what}; seen last: ${told}`, { cause });
}
