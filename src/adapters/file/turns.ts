import { Unavailable } from '../../errors.ts';

/** Runs tasks, at most so many at once, in the order they came. Throws `Unavailable` where too many wait. */
export type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/** Let `atOnce` tasks run and `maxWaiting` more wait; each is expected to end by itself. */
export function createTurns({ atOnce, maxWaiting }: { atOnce: number; maxWaiting: number }): InTurn {
  let running = 0;
  const waiting: (() => void)[] = [];

  const begin = async (): Promise<void> => {
    if (running < atOnce) {
      running++;
      return;
    }
    if (waiting.length >= maxWaiting) {
      throw new Unavailable('directory', 'too many sign-ins wait for their password to be hashed');
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  };

  return async (task) => {
    await begin();
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
