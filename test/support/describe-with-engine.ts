import { describe } from '@jest/globals';

/**
 * Describes a suite whose servers are there as containers only: where the tests run their servers as processes
 * (see prepare-parts.ts) it is shown as skipped, and its name says why.
 */
export function describeWithEngine(name: string, suite: () => void): void {
  if (process.env['LATCHKEY_TEST_PARTS'] === 'container') describe(name, suite);
  else describe.skip(`${name} (needs a Docker engine)`, suite);
}
