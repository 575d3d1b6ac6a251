import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { compileCache } from './compile-cache.ts';
import { program } from './programs.ts';
import { testRun } from './test-run.ts';

/** How a run of the command ended, and what it wrote. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A run that is under way. */
export interface Running {
  /** Settles when it has ended and all its output is here. */
  readonly ended: Promise<Run>;
  /** Ends it with a signal. */
  signal(signal: NodeJS.Signals): void;
}

/**
 * Run `latchkey` with this environment and nothing else but PATH, HOME, the compile cache and the name of the test run.
 * @param line what stands on standard input, which stays open, as a terminal's would
 */
export function runLatchkey(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  line?: string,
): Promise<Run> {
  return startLatchkey(env, args, line).ended;
}

/** The same for a run that may have to be ended. */
export function startLatchkey(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  line?: string,
): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [program('cli'), ...args], {
    env: { PATH, HOME, ...testRun(), ...compileCache, ...env },
  });
  // It may be over before it has read.
  child.stdin.on('error', () => {});
  if (line !== undefined) child.stdin.write(`${line}\n`);
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return {
    ended: ended.then(([code, out, err]) => ({ code, out, err })),
    signal: (signal) => void child.kill(signal),
  };
}
