import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/support/free-port.ts';
import { inRepository } from '../test/support/repository.ts';
import { until } from '../test/support/until.ts';

/** An HTTP server as a process of its own, which ends with this one. */
export interface ServerProcess extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

/** What to start, and how to see that it is there. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment, but for PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
  /** A path that answers with `readyStatus` once the server is ready. */
  readonly readyPath: string;
  readonly readyStatus: number;
}

/** Start a server on a free port and wait until it answers. What it says on standard output is thrown away. */
export async function startServer(
  makeCommand: (port: number) => ServerCommand | Promise<ServerCommand>,
): Promise<ServerProcess> {
  const port = await freePort();
  const { command, args, env, readyPath, readyStatus } = await makeCommand(port);
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('sh', [inRepository('test/containers/until-eof.sh'), command, ...args], {
    cwd: inRepository(),
    detached: true,
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const end = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  const ready = async () => (await fetch(`http://127.0.0.1:${port}${readyPath}`)).status === readyStatus;
  await until(`${command} is ready`, () => child.exitCode !== null || ready(), 20_000).catch(
    async (error) => {
      await end();
      throw error;
    },
  );
  if (child.pid === undefined || child.exitCode !== null) throw new Error(`${command} has ended`);
  return { port, pid: child.pid, [Symbol.asyncDispose]: end };
}

/** A TypeScript program of ours, run as in production. */
export function nodeProgram(
  program: URL,
  args: readonly string[],
  port: number,
  env: Readonly<Record<string, string>> = {},
): ServerCommand {
  return {
    command: process.execPath,
    args: [fileURLToPath(program), ...args],
    env: { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), ...env },
    readyPath: '/readyz',
    readyStatus: 200,
  };
}
