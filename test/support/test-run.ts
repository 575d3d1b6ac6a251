import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The environment variable that names a run of the tests. Not LATCHKEY_…: the service refuses those that it does not know. */
const NAME = 'RUN_OF_LATCHKEY_TESTS';

/** Begins a run: whatever is started from here on carries its name. */
export function beginTestRun(): void {
  process.env[NAME] = `${process.pid}-${Date.now()}`;
}

/** The environment that a process of this run carries: for those that are given nothing else of ours. */
export function testRun(): Record<string, string> {
  const run = process.env[NAME];
  return run === undefined ? {} : { [NAME]: run };
}

/** A process that runs. */
export interface Running {
  readonly pid: number;
  /** Its command line. */
  readonly command: string;
}

/** The processes that this run has started, and that run still: itself apart. Only Linux tells (/proc); elsewhere none. */
export function runningOf(run: string): Running[] {
  if (!existsSync('/proc/self/environ')) return [];
  const mark = `${NAME}=${run}`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
      return [{ pid: Number(pid), command }];
    } catch {
      return []; // it has ended, or is somebody else's
    }
  });
}
