import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

/**
 * Waits until a process that was sent SIGSTOP stands still: its threads stop one after another, and one that has
 * not may still answer. One that has ended (a zombie, or gone) stands still. Only Linux tells (/proc); elsewhere it is taken for stopped.
 */
export async function stopped(pid: number): Promise<void> {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return;
  await until(
    'the process stands still',
    () =>
      !existsSync(tasks) ||
      readdirSync(tasks).every((task) => /\) [TZX] /.test(readFileSync(`${tasks}/${task}/stat`, 'utf8'))),
  );
}
