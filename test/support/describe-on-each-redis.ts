import { describe } from '@jest/globals';
import { isThere, REDIS_PROGRAMS, type RedisProgram, wishedRedisProgram } from './redis-program.ts';

/**
 * Describes a suite on every server of `REDIS_PROGRAMS`, or on that of LATCHKEY_TEST_REDIS alone. One that is not on this
 * machine is shown as skipped, and its name says why; LATCHKEY_TEST_INSIST=1 has it fail instead.
 */
export function describeOnEachRedis(suite: (program: RedisProgram) => void): void {
  const wish = wishedRedisProgram();
  for (const program of wish ? [wish] : REDIS_PROGRAMS) {
    if (isThere(program) || process.env['LATCHKEY_TEST_INSIST'] === '1')
      describe(program, () => suite(program));
    else describe.skip(`${program} (needs sh scripts/set-up.sh ${program})`, () => suite(program));
  }
}
