import { pino } from 'pino';

/** Where lines are written in the background. */
export interface StandardOutput {
  write(line: string): void;
  /** Write what is waiting, and wait for it. */
  flushSync(): void;
}

/** The longest that a line waits to be written, in milliseconds. */
const FLUSH_MS = 100;
/** So many bytes wait at most, some thousand requests' lines: each write wakes another thread. */
const BATCH_BYTES = 262_144;
/** Text takes so many bytes for each of its units of UTF-16 at most. */
const MAX_UTF8_BYTES = 3;

/**
 * Standard output, many lines at once rather than one write for each request. They are gathered here, as
 * bytes, since pino's destination measures all that it has gathered again with each line.
 */
export function standardOutput(): StandardOutput {
  const destination = pino.destination({ dest: 1, sync: false });
  const gathered = Buffer.alloc(BATCH_BYTES);
  let end = 0;
  const flush = () => {
    if (end > 0) destination.write(gathered.toString('utf8', 0, end));
    end = 0;
  };
  const flushSync = () => {
    flush();
    destination.flushSync();
  };
  setInterval(flush, FLUSH_MS).unref();
  process.once('exit', flushSync);
  return {
    write(line) {
      const mostBytes = MAX_UTF8_BYTES * line.length;
      if (end + mostBytes > BATCH_BYTES) flush();
      if (mostBytes > BATCH_BYTES) destination.write(line);
      else end += gathered.write(line, end);
    },
    flushSync,
  };
}
