import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from './describe-error.ts';

/**
 * JSON lines of pino, for machines: time in ISO 8601, level by name. Errors are written as their messages
 * and causes alone, since client libraries hang commands and credentials on theirs.
 * @param level a pino level or `silent`
 * @param destination where the lines go; standard output by `pino.destination`
 */
export function createLog(level: string, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    destination,
  );
}

/** The longest that a line waits to be written, in milliseconds. */
const FLUSH_MS = 100;
/** So many bytes are written without waiting: each write wakes another thread. */
const BATCH_BYTES = 8192;

/** Standard output, written in the background: many lines at once rather than one write for each request. */
export function standardOutput(): ReturnType<typeof pino.destination> {
  return pino.destination({ dest: 1, sync: false, minLength: BATCH_BYTES, periodicFlush: FLUSH_MS });
}
