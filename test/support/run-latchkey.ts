import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { inRepository } from './repository.ts';

/** How a run of the command ended, and what it wrote. */
export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Run `latchkey` with this environment and nothing else but PATH and HOME.
 * @param line what stands on standard input, which stays open, as a terminal's would
 */
export async function runLatchkey(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  line?: string,
): Promise<Run> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [inRepository('src/cli.ts'), ...args], {
    env: { PATH, HOME, ...env },
  });
  // It may be over before it has read.
  child.stdin.on('error', () => {});
  if (line !== undefined) child.stdin.write(`${line}\n`);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}
