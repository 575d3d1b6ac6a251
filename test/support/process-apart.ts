import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Part } from './part.ts';
import { startProcess } from './process-part.ts';
import { inRepository } from './repository.ts';
import { stopped } from './stopped.ts';

/** A server that runs as processes of this machine, in namespaces of its own. */
export type ApartPart = Part & {
  /** Runs a command beside the server and gives its standard output; throws, with its output, unless it exits 0. */
  exec(command: string[]): Promise<string>;
};

/** What to run. */
export type ApartOptions = {
  /** What people call it. */
  name: string;
  /** The folder whose content is put over the folders that the file `folders` names. */
  state: string;
  folders: string;
  /** Ports of the server, and the ports of this machine, at 127.0.0.1, that they are published on. */
  ports: { server: number; host: number }[];
  env?: Record<string, string>;
  command: string[];
  /** What its output says once it is ready. */
  ready: RegExp;
};

function childOf(pid: number | undefined): number | undefined {
  const children = `/proc/${pid}/task/${pid}/children`;
  return existsSync(children) ? Number.parseInt(readFileSync(children, 'ascii'), 10) || undefined : undefined;
}

const namespaceOf = (pid: number) => {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined; // it has ended since
  }
};

/** All processes in the namespace of this one. */
function besides(first: number): number[] {
  const namespace = namespaceOf(first);
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return namespace === undefined ? [] : pids.filter((pid) => namespaceOf(pid) === namespace);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Starts a server by run-apart.py and waits until its output says that it is ready. It dies with this process, and with
 * all that it has started. Throws, as `startProcess` does, when it ends before or is not ready in time.
 */
export async function startApart(options: ApartOptions): Promise<ApartPart> {
  const ports = options.ports.map(({ server, host }) => `${host}:${server}`);
  const supervisor = await startProcess({
    name: options.name,
    command: '/usr/bin/python3',
    args: [
      inRepository('test/containers/run-apart.py'),
      ...[options.state, options.folders, ...ports, '--', ...options.command],
    ],
    env: options.env ?? {},
    ready: options.ready,
  });
  /** The server, as this machine sees it; undefined while it does not run. */
  const first = () => childOf(childOf(supervisor.pid()));
  const resume = async () => {
    const pid = first();
    if (pid !== undefined) for (const each of besides(pid)) signal(each, 'SIGCONT');
  };
  const kill = async () => {
    const pid = first();
    if (pid !== undefined) signal(pid, 'SIGKILL');
    await supervisor.stop();
  };

  return {
    async exec([command = '', ...args]) {
      const inside = ['--target', String(first()), '--mount', '--net', '--pid'];
      const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';
      return (await promisify(execFile)('nsenter', [...inside, 'env', path, command, ...args])).stdout;
    },
    start: supervisor.start,
    async stop() {
      await resume(); // a frozen process would not see the signal
      await supervisor.stop();
    },
    kill,
    async pause() {
      const pid = first();
      if (pid === undefined) return;
      // One that is not frozen yet may start another.
      for (let frozen = 0; frozen < besides(pid).length; ) {
        const pids = besides(pid);
        for (const each of pids) signal(each, 'SIGSTOP');
        for (const each of pids) await stopped(each);
        frozen = pids.length;
      }
    },
    resume,
    [Symbol.asyncDispose]: kill,
  };
}
