import type { Command } from 'ioredis';

/** A command that waits for its reply. */
interface Waiting {
  readonly command: Command;
  /** By the monotonic clock, in milliseconds. */
  readonly deadline: number;
  readonly whenLate: () => void;
}

/** Gives a command up once it has waited for `ms` milliseconds, and calls `whenLate` then. */
export type GiveUpLate = (command: Command, ms: number, whenLate: () => void) => void;

/**
 * Give up what waits on one connection. One timer for all of it: a verification may be a command, and to set and clear a
 * timer for each costs a tenth of what it takes to send it and to read its reply.
 *
 * ioredis' own `commandTimeout` takes a stall of this process for one of Redis: timers that have run out come
 * before the replies that have long been waiting. One more turn reads them first.
 * @param whenFailed told why a command has failed, whoever has given it up
 */
export function createGiveUpLate(whenFailed: (failure: unknown) => void): GiveUpLate {
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let setFor = Number.POSITIVE_INFINITY;

  const setTimer = () => {
    clearTimeout(timer);
    setFor = Number.POSITIVE_INFINITY;
    for (const { deadline } of waiting) setFor = Math.min(setFor, deadline);
    const inMs = Math.max(0, setFor - performance.now());
    if (waiting.size > 0) timer = setTimeout(() => setImmediate(look), inMs).unref();
  };
  const look = () => {
    const now = performance.now();
    for (const one of waiting) {
      if (one.deadline > now) continue;
      one.command.reject(new Error('Command timed out'));
      one.whenLate();
      waiting.delete(one);
    }
    setTimer();
  };
  return (command, ms, whenLate) => {
    const one = { command, deadline: performance.now() + ms, whenLate };
    waiting.add(one);
    command.promise.then(
      () => void waiting.delete(one),
      (failure: unknown) => {
        waiting.delete(one);
        whenFailed(failure);
      },
    );
    if (one.deadline < setFor) setTimer();
  };
}
