import { pino } from 'pino';

/** Where lines are written in the background. */
export interface StandardOutput {
  write(line: string): void;
  /** Write what is waiting, and wait for it. */
  flushSync(): void;
}

/** The longest that a line waits to be written, in milliseconds. */
const FLUSH_MS = 100;
/** So many characters are written without waiting: each write wakes another thread. */
const BATCH_CHARACTERS = 32_768;

/**
 * Standard output, many lines at once rather than one write for each request. They are gathered here, since pino's
 * destination measures all that it has gathered again with each line.
 */
export function standardOutput(): StandardOutput {
  const destination = pino.destination({ dest: 1, sync: false });
  let waiting = '';
  const flush = () => {
    if (waiting === '') return;
    destination.write(waiting);
    waiting = '';
  };
  const flushSync = () => {
    flush();
    destination.flushSync();
  };
  setInterval(flush, FLUSH_MS).unref();
  process.once('exit', flushSync);
  return {
    write(line) {
      waiting += line;
      if (waiting.length >= BATCH_CHARACTERS) flush();
    },
    flushSync,
  };
}
