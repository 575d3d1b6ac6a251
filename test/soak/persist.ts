import { setTimeout as delay } from 'node:timers/promises';

/** How long something that has to happen may take while servers come and go, in milliseconds. */
export const PATIENCE_MS = 120_000;

/** Do it again until it is done; what may be done twice. @throws {Error} after two minutes, with the last failure */
export async function persist<T>(what: string, step: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await step();
    } catch (cause) {
      if (performance.now() > deadline) throw new Error(`could not ${what}`, { cause });
    }
    await delay(100);
  }
}
