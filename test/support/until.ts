import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `probe` gives something, asking again every 20 ms; a probe that throws has given nothing yet.
 * Takes what is waited for, in words for the error, and the limit in ms.
 * Gives what the probe gave; throws when the limit has passed, with the probe's last error as the cause.
 */
export async function until<T>(
  what: string,
  probe: () => T | false | undefined | Promise<T | false | undefined>,
  within = 10_000,
): Promise<T> {
  const deadline = performance.now() + within;
  let cause: unknown;
  do {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      cause = error;
    }
    await delay(20);
  } while (performance.now() < deadline);
  throw new Error(`waited ${within} ms in vain until ${what}`, { cause });
}
