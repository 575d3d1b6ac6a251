import { writeSync } from 'node:fs';

/** What of a run's results is looked at; Jest's AggregatedResult has more. */
type Results = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even be loaded. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly testResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
};

/** So Jest calls what a run has left out: by `skip`, for want of a server, by a name that was not asked for. */
const LEFT_OUT = ['pending', 'skipped', 'disabled', 'todo'];

/**
 * A reporter of Jest: what was skipped, by name (which says why), and as the very last line `N passed, N failed,
 * N skipped`. With LATCHKEY_TEST_INSIST=1 a run that has skipped anything fails, unless it was asked for some tests by
 * their name (`-t`): there the others are left out on purpose.
 */
export default class CountReporter {
  readonly #byName: boolean;
  #insisted: Error | undefined;

  constructor({ testNamePattern }: { readonly testNamePattern?: string | undefined }) {
    this.#byName = Boolean(testNamePattern);
  }

  onRunComplete(_contexts: unknown, results: Results): void {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.testResults
      .flatMap((file) => file.testResults)
      .filter(({ status }) => LEFT_OUT.includes(status));
    if (skipped.length > 0 && !this.#byName && process.env['LATCHKEY_TEST_INSIST'] === '1')
      this.#insisted = new Error('LATCHKEY_TEST_INSIST=1: a skipped test is a failure');
    // Jest's own summary comes behind every reporter, and a run may still fail while it is cleaned up.
    // Written past process.stderr, which Jest may have closed by then.
    process.once('exit', (code) => {
      const names = this.#byName ? [] : skipped.map(({ fullName }) => `skipped: ${fullName}`);
      const failures = failed === 0 && code !== 0 && this.#insisted === undefined ? 1 : failed;
      const counts = `${results.numPassedTests} passed, ${failures} failed, ${skipped.length} skipped`;
      writeSync(2, `${[...names, this.#insisted?.message ?? '', counts].join('\n')}\n`);
    });
  }

  getLastError(): Error | undefined {
    return this.#insisted;
  }
}
