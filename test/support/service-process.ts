import { spawn } from 'node:child_process';
import { compileCache } from './compile-cache.ts';
import { freePort } from './free-port.ts';
import { notStarted } from './not-started.ts';
import { program } from './programs.ts';
import { inRepository } from './repository.ts';
import { testRun } from './test-run.ts';
import { PATIENCE_MS, until } from './until.ts';

/** How a service process ended. */
type ServiceExit = { code: number | null; signal: NodeJS.Signals | null };

/** The service, running as `npm start` runs it. */
export type ServiceProcess = AsyncDisposable & {
  /** http://127.0.0.1:port */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** All that it has written to standard output. */
  stdout(): string;
  /** The lines of standard output, each parsed as JSON; throws when one is none. */
  logs(): Record<string, unknown>[];
  /** All that it has written to standard error. */
  stderr(): string;
  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void;
  /** Settles when it has ended and all its output is here. */
  readonly exited: Promise<ServiceExit>;
};

const command = () => [process.execPath, program('main')];

interface Written {
  stdout: string;
  stderr: string;
}

const report = (happened: string, { stdout, stderr }: Written) =>
  notStarted({ name: 'Latchkey', command: command(), happened, output: `${stdout}${stderr}` });

/** Thrown when the service ends before it answers. */
class ServiceNotStarted extends Error {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** All that it wrote to standard error. */
  readonly stderr: string;

  constructor({ code, signal }: ServiceExit, written: Written) {
    super(report(`ended with ${signal ?? `exit code ${code}`} before it answered`, written));
    this.name = 'ServiceNotStarted';
    this.code = code;
    this.signal = signal;
    this.stderr = written.stderr;
  }
}

function parseLines(text: string): Record<string, unknown>[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const healthy = async (url: string) => (await fetch(`${url}/healthz`)).status === 200;

/**
 * Starts the program main with this environment and nothing else but PATH, HOME, the compile cache, the name of the
 * test run, and HOST and PORT unless
 * they are given (127.0.0.1 and a free one), and waits until GET /healthz answers 200.
 * Throws ServiceNotStarted when it ends first, Error when it does not answer within `within` ms, each with its command
 * line and what it wrote last.
 * When this process dies, it gets SIGTERM. `interrupt` ends a start that is under way; its reason is thrown.
 */
export async function startServiceProcess(
  env: Record<string, string>,
  interrupt?: AbortSignal,
  within = PATIENCE_MS,
): Promise<ServiceProcess> {
  const port = env['PORT'] === undefined ? await freePort() : Number(env['PORT']);
  const url = `http://127.0.0.1:${port}`;
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('sh', [inRepository('test/containers/until-eof.sh'), ...command()], {
    cwd: inRepository(),
    detached: true, // Ctrl-C ends it only through us
    env: { PATH, HOME, ...testRun(), ...compileCache, HOST: '127.0.0.1', ...env, PORT: String(port) },
  });
  const written: Written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
    });
  }
  let exit: ServiceExit | undefined;
  const exited = new Promise<ServiceExit>((resolve) => {
    child.on('close', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  const end = async () => {
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    const giveUp = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(giveUp);
  };

  try {
    const settled = () => interrupt?.aborted || exit !== undefined || healthy(url);
    await until('the service answers', settled, within);
  } catch (error) {
    await end();
    throw new Error(report(`does not answer after ${within} ms`, written), { cause: error });
  }
  if (interrupt?.aborted) await end();
  interrupt?.throwIfAborted();
  if (exit !== undefined) throw new ServiceNotStarted(exit, written);
  return {
    url,
    port,
    pid: child.pid as number,
    stdout: () => written.stdout,
    logs: () => parseLines(written.stdout),
    stderr: () => written.stderr,
    signal: (signal) => {
      child.kill(signal);
    },
    exited,
    [Symbol.asyncDispose]: end,
  };
}
