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
 * A pipe takes so many bytes as a whole (Linux's PIPE_BUF, pipe(7)), whoever else writes to it: as the end of the process
 * does while a write is under way in the background.
 */
const WHOLE_BYTES = 4096;
/** Pieces are not put together again. */
const UNMERGED = { maxWrite: 1 };
const LINE_FEED = 0x0a;

/**
 * Standard output, many lines at once rather than one write for each request. They are gathered here, as
 * bytes, since pino's destination measures all that it has gathered again with each line.
 */
export function standardOutput(): StandardOutput {
  const inBackground = pino.destination({ dest: 1, sync: false, ...UNMERGED });
  const gathered = Buffer.alloc(BATCH_BYTES);
  let end = 0;
  const flush = (destination: Pick<StandardOutput, 'write'> = inBackground) => {
    for (let start = 0; start < end; ) {
      const next = endOfPiece(gathered.subarray(0, end), start);
      destination.write(gathered.toString('utf8', start, next));
      start = next;
    }
    end = 0;
  };
  const flushSync = () => {
    inBackground.flushSync();
    flush(pino.destination({ dest: 1, sync: true, ...UNMERGED }));
  };
  setInterval(() => flush(), FLUSH_MS).unref();
  process.once('exit', flushSync);
  return {
    write(line) {
      const mostBytes = MAX_UTF8_BYTES * line.length;
      if (end + mostBytes > BATCH_BYTES) flush();
      if (mostBytes > BATCH_BYTES) inBackground.write(line);
      else end += gathered.write(line, end);
    },
    flushSync,
  };
}

/** Where to cut: behind as many whole lines as a pipe takes at once, or behind one that is longer. */
function endOfPiece(lines: Buffer, start: number): number {
  if (lines.length - start <= WHOLE_BYTES) return lines.length;
  const last = lines.lastIndexOf(LINE_FEED, start + WHOLE_BYTES - 1);
  return (last >= start ? last : lines.indexOf(LINE_FEED, start)) + 1;
}
