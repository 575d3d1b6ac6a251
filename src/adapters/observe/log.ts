import { type DestinationStream, pino } from 'pino';
import type { RequestLine, RequestLog } from '../../ports/log.ts';
import { describeError } from './describe-error.ts';
import { createLineLimit } from './limit-lines.ts';
import { requestLine } from './request-line.ts';

/** Of verifications with one outcome, so many lines are written in a second: more than most gateways ask. */
const VERIFICATION_LINES = 1000;

/** A log that has something to say at its end. */
export interface EndingLog extends RequestLog {
  /** Say what waits to be said. */
  end(): void;
}

/**
 * JSON lines of pino, for machines: time in ISO 8601, level by name. Errors are written as their messages
 * and causes alone, since client libraries hang commands and credentials on theirs.
 * @param level a pino level or `silent`; from `debug` on every verification has its line
 * @param destination where the lines go
 */
export function createLog(level: string, destination: DestinationStream): EndingLog {
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
  const hasAll = log.isLevelEnabled('debug');
  // The same line as pino's, for a third of the time.
  const request = (line: RequestLine) => {
    if (hasRequests) destination.write(requestLine(time(), line));
  };
  const limit = createLineLimit(VERIFICATION_LINES, (leftOut) => log.info(leftOut, 'more requests'));
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    request,
    verification(line) {
      if (hasAll || limit.admits(line)) request(line);
    },
    end: limit.tell,
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
