import { randomInt } from 'node:crypto';
import { lengthOfTime } from '../../src/config/units.ts';

/** How long to soak, and what chance begins with; times in milliseconds. */
export interface SoakOptions {
  /** Load and faults whose traces do not count: what they leave is what the end is compared with. */
  readonly warmUpMs: number;
  /** Load and faults that do count. */
  readonly soakMs: number;
  /** The longest that one fault lasts, and one pause between two of a kind. */
  readonly faultMs: number;
  readonly seed: number;
}

/** Without a wish: long enough for every kind of fault, short enough for every run of the tests. */
const SHORT = '15s';
const DAY_MS = 86_400_000;

/**
 * Read `LATCHKEY_SOAK`, a duration such as `10m`, and `LATCHKEY_SOAK_SEED`, a whole number that an earlier run printed.
 * @throws {Error} where one of them is none
 */
export function readSoakOptions(env: NodeJS.ProcessEnv): SoakOptions {
  const soakMs = lengthOfTime(DAY_MS).parse(env['LATCHKEY_SOAK'] || SHORT);
  const seed = Number(env['LATCHKEY_SOAK_SEED'] || randomInt(2 ** 31));
  if (!Number.isSafeInteger(seed)) throw new Error('LATCHKEY_SOAK_SEED is no whole number');
  return {
    soakMs,
    warmUpMs: Math.min(Math.max(soakMs / 6, 6_000), 90_000),
    faultMs: Math.min(Math.max(soakMs / 40, 1_000), 8_000),
    seed,
  };
}
