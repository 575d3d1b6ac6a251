import type { Log } from '../../ports/log.ts';
import type { RedisClient } from './client.ts';
import { type Concern, type Expectation, judgeCondition } from './judge-condition.ts';
import { isTold, readCondition } from './read-condition.ts';

/** How long a reading is good, in milliseconds. */
export const READ_EVERY_MS = 30_000;

/** What is dangerous about Redis, hints left out, in one line each; it names no server. */
export interface ConditionWatch {
  /**
   * As it was half a minute ago at most, or at the last reading that Redis answered; `undefined`: it has answered none.
   * Never rejects.
   */
  warnings(): Promise<readonly string[] | undefined>;
}

/** What watching rests on. */
export interface ConditionWatchParts {
  readonly redis: RedisClient;
  readonly log: Log;
  /** Monotonic clock, in milliseconds. */
  readonly elapsed: () => number;
}

/** Watch how Redis is set and what state it is in. It is asked when somebody wants to know, and the log told of changes. */
export function watchCondition(
  { redis, log, elapsed }: ConditionWatchParts,
  expected: Expectation,
): ConditionWatch {
  let known: readonly string[] | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let asksConfig = true;
  let reading: Promise<void> | undefined;
  const report = createReport(log);
  const read = async () => {
    const condition = await readCondition(redis, asksConfig);
    // Each refusal would be a line in Redis's own log of them.
    asksConfig = condition.some((master) => isTold(master) && master.appendSync !== undefined);
    const concerns = judgeCondition(condition, expected).filter(({ weight }) => weight !== 'hint');
    known = concerns.map((concern) => wordsFor(concern, condition.length));
    readAt = elapsed();
    report(known, concerns);
  };
  return {
    async warnings() {
      if (elapsed() - readAt >= READ_EVERY_MS) {
        reading ??= read().finally(() => {
          reading = undefined;
        });
        await reading.catch(() => {});
      }
      return known;
    },
  };
}

function wordsFor({ role, servers, seen, fix }: Concern, masters: number): string {
  const where = role === 'master' && masters > 1 ? `${servers.length} of ${masters} masters: ` : '';
  return `${where}${seen} → ${fix}`;
}

/** One line for each turn, however often it is read in between. */
function createReport(log: Log) {
  let last = '[]';
  return (warnings: readonly string[], concerns: readonly Concern[]) => {
    const now = JSON.stringify(warnings);
    if (now === last) return;
    last = now;
    if (warnings.length === 0) log.info({}, 'Redis gives no cause for concern any more');
    else log.warn({ concerns }, 'Redis is set or used dangerously: keys may be lost, or none issued');
  };
}
