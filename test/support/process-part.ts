import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Part } from './part.ts';
import { inRepository } from './repository.ts';
import { stopped } from './stopped.ts';
import { until } from './until.ts';

/** A server that runs as a child process, and dies with this one. */
export type ProcessPart = Part & {
  /** Its process id; undefined while it is not running. */
  pid(): number | undefined;
};

/** How to run it. */
export type ProcessPartOptions = {
  command: string;
  args: string[];
  /** Its environment, laid over this process's own. */
  env?: NodeJS.ProcessEnv;
  /** What its output says once it is ready. */
  ready: RegExp;
};

const running = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/**
 * Starts a server as a child process and waits until its output says that it is ready.
 * It has a process group of its own: Ctrl-C ends it only through us.
 * Throws, with all that it wrote, when it ends before it is ready or is not ready within 10 s.
 */
export async function startProcess(options: ProcessPartOptions): Promise<ProcessPart> {
  let child: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || !running(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    child.kill('SIGCONT'); // a paused process sees SIGTERM only when it goes on
    const giveUp = setTimeout(() => child?.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(giveUp);
  };

  const start = async () => {
    const started = spawn(
      'sh',
      [inRepository('test/containers/until-eof.sh'), options.command, ...options.args],
      {
        detached: true,
        env: { ...process.env, ...options.env },
      },
    );
    child = started;
    const closed = once(started, 'close');
    let output = '';
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    try {
      await until(`${options.command} is ready`, () => options.ready.test(output) || !running(started));
    } catch (error) {
      await end('SIGKILL');
      throw new Error(`${options.command} is not ready. Its output:\n${output}`, { cause: error });
    }
    if (running(started)) return;
    await closed; // what it said last may come after its end
    throw new Error(`${options.command} ended at once. Its output:\n${output}`);
  };

  await start();
  return {
    pid: () => (child !== undefined && running(child) ? child.pid : undefined),
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    pause: async () => {
      child?.kill('SIGSTOP');
      if (child?.pid !== undefined && running(child)) await stopped(child.pid);
    },
    resume: async () => {
      child?.kill('SIGCONT');
    },
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}
