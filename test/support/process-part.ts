import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { notStarted } from './not-started.ts';
import type { Part } from './part.ts';
import { inRepository } from './repository.ts';
import { stopped } from './stopped.ts';
import { PATIENCE_MS, until } from './until.ts';

/** A server that runs as a child process, and dies with this one. */
export type ProcessPart = Part & {
  /** Its process id; undefined while it is not running. */
  pid(): number | undefined;
};

/** How to run it. */
export type ProcessPartOptions = {
  /** What people call it, e.g. `OpenLDAP (slapd)`. */
  name: string;
  command: string;
  args: string[];
  /** Its environment, laid over this process's own. */
  env?: NodeJS.ProcessEnv;
  /** What its output says once it is ready. */
  ready: RegExp;
  /** How long it may take to be ready, in ms; without it, `PATIENCE_MS`. One that ends first is noticed at once. */
  within?: number;
};

const running = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/**
 * Starts a server as a child process and waits until its output says that it is ready.
 * It has a process group of its own: Ctrl-C ends it only through us.
 * Throws, with its name, its command line and what it wrote last, when it ends before it is ready or is not ready in time.
 */
export async function startProcess(options: ProcessPartOptions): Promise<ProcessPart> {
  const { name, command, args, within = PATIENCE_MS } = options;
  let child: ChildProcess | undefined;

  const failed = (happened: string, output: string, cause?: unknown) =>
    new Error(notStarted({ name, command: [command, ...args], happened, output }), { cause });

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
    const started = spawn('sh', [inRepository('test/containers/until-eof.sh'), command, ...args], {
      detached: true,
      env: { ...process.env, ...options.env },
    });
    child = started;
    const closed = once(started, 'close');
    let output = '';
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    try {
      await until(`${name} is ready`, () => options.ready.test(output) || !running(started), within);
    } catch (error) {
      await end('SIGKILL');
      throw failed(`is not ready after ${within} ms`, output, error);
    }
    if (running(started)) return;
    await closed; // what it said last may come after its end
    throw failed(`ended (${started.signalCode ?? started.exitCode}) before it was ready`, output);
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
