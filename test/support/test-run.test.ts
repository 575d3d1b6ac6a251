import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { startProcess } from './process-part.ts';
import { runningOf, testRun } from './test-run.ts';

const [run] = Object.values(testRun());
const commands = () => runningOf(run ?? '').map(({ command }) => command);

test('what a test starts is known by its command line until it has ended', async () => {
  const started = await startProcess({
    ...{ name: 'A part', command: 'sh', args: ['-c', 'echo READY; exec sleep 612'] },
    ready: /READY/,
  });
  expect(commands()).toContain('sleep 612');
  await started[Symbol.asyncDispose]();
  expect(commands()).not.toContain('sleep 612');
});

test('what others have started is not', async () => {
  const child = spawn('sleep', ['613'], { env: { PATH: process.env['PATH'] } });
  expect(commands()).not.toContain('sleep 613');
  child.kill();
  await once(child, 'exit');
});
