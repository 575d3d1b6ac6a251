/** How far before a moment something may have begun, and how long after it may be told of, in milliseconds. */
const BEFORE_MS = 8_000;
const AFTER_MS = 2_000;
const MOST_LINES = 60;

/** What was logged around a moment, but for the lines of requests that were answered well: the last lines of it. */
export function loggedAround(logs: readonly Record<string, unknown>[], at: number): string[] {
  const times = logs.map((line) => [Date.parse(String(line['time'])), line] as const);
  return times
    .filter(([time]) => time > at - BEFORE_MS && time < at + AFTER_MS)
    .filter(([, { msg, status }]) => msg !== 'request' || ![200, 503].includes(Number(status)))
    .sort(([one], [other]) => one - other)
    .slice(-MOST_LINES)
    .map(([, line]) => `  ${JSON.stringify(line)}`);
}
