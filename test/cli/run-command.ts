import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Output } from '../../src/cli/with-store.ts';
import type { Run } from '../support/run-latchkey.ts';

/** Run a command in this process, which is spared the start of another. Gives what `runLatchkey` does. */
export async function runCommand(command: (streams: Output) => Promise<number>): Promise<Run> {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const code = await command({ output, errors });
  return { code, out: await text(output.end()), err: await text(errors.end()) };
}
