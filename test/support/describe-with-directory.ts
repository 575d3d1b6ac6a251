import { describe, test } from '@jest/globals';
import { type DirectoryName, directoryTitles, whyNoDirectory } from './directory-names.ts';

/**
 * Describes a suite that needs this directory server. Where it cannot be had (see prepare-parts.ts) the suite is shown
 * as skipped, and its name says why; with LATCHKEY_TEST_INSIST=1 it is a failure that says so.
 */
export function describeWithDirectory(directory: DirectoryName, name: string, suite: () => void): void {
  const why = whyNoDirectory(directory);
  const needs = `needs ${directoryTitles[directory]}: ${why}`;
  if (why === undefined) describe(name, suite);
  else if (process.env['LATCHKEY_TEST_INSIST'] !== '1') describe.skip(`${name} (${needs})`, suite);
  else {
    describe(name, () => {
      test('has the directory that it needs', () => {
        throw new Error(needs);
      });
    });
  }
}
