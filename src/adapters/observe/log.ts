import { type DestinationStream, pino } from 'pino';
import type { RequestLog } from '../../ports/log.ts';
import { describeError } from './describe-error.ts';
import { requestLine } from './request-line.ts';

/**
 * JSON lines of pino, for machines: time in ISO 8601, level by name. Errors are written as their messages
 * and causes alone, since client libraries hang commands and credentials on theirs.
 * @param level a pino level or `silent`
 * @param destination where the lines go
 */
export function createLog(level: string, destination: DestinationStream): RequestLog {
  const time = isoClock();
  const log = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${time()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    destination,
  );
  const hasRequests = log.isLevelEnabled('info');
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    // The same line as pino's, for a third of the time.
    request(line) {
      if (hasRequests) destination.write(requestLine(time(), line));
    },
  };
}

/** The time in ISO 8601, written once a millisecond: under load many lines fall into each. */
function isoClock(): () => string {
  let at = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== at) {
      at = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}
