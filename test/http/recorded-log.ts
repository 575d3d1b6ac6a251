import { createLog } from '../../src/adapters/observe/log.ts';
import type { RequestLog } from '../../src/ports/log.ts';

/** One line of the log, as a machine would read it. */
export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly msg: string;
}

/** The service's own log, kept line by line. */
export interface RecordedLog extends RequestLog {
  /** Every line until now. */
  readonly lines: () => readonly LogLine[];
  /** The lines of requests, once there are `count`: a line is written when its answer is out, so maybe later. */
  readonly requestLines: (count?: number) => Promise<readonly LogLine[]>;
}

/** Make a log that keeps what is written, after the serializers that keep secrets out. */
export function createRecordedLog(): RecordedLog {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const log = createLog('info', {
    write(text) {
      lines.push(JSON.parse(text));
      for (const look of waiting) look();
    },
  });
  const requests = () => lines.filter(({ msg }) => msg === 'request');
  return {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    request: log.request,
    verification: log.verification,
    lines: () => lines,
    async requestLines(count = 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (requests().length >= count) resolve();
      };
      waiting.add(look);
      look();
      await promise;
      waiting.delete(look);
      return requests();
    },
  };
}
