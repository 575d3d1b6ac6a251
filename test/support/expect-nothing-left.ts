import { runningOf, testRun } from './test-run.ts';
import { until } from './until.ts';

/** How long what is ending may take, in ms. */
const ENDING_MS = 15_000;

/**
 * Jest calls this once, after all tests: throws, and so fails the run, where a process that a test has started runs
 * still, and names each by its command line. Its workers and what is just ending are waited for.
 */
export default async function expectNothingLeft(): Promise<void> {
  const [run] = Object.values(testRun());
  if (run === undefined) return;
  const left = () => runningOf(run).map(({ pid, command }) => `${pid}: ${command}`);
  await until('all that the tests have started is over', () => left().length === 0, ENDING_MS, left);
}
