import { createInterface } from 'node:readline';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { hashPassword } from '../adapters/file/password-hash.ts';
import { isFitPassword } from '../auth/password.ts';

/** Where a command reads and writes. */
export interface Streams {
  /** `isTTY` where a person types. */
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
  /** Prompts and complaints, so that the output holds nothing but the result. */
  readonly errors: Writable;
}

/** Why there is no password to hash. */
class NoPassword extends Error {}

/**
 * Read a password and write its hash as a file of people takes it. From a person: asked for twice, without
 * echo. From a pipe: one line, the line feed at its end left away. Gives the exit code.
 */
export async function hashPasswordCommand(streams: Streams): Promise<number> {
  try {
    const password = await (streams.input.isTTY ? askTwice(streams) : readLine(streams.input));
    if (!isFitPassword(password)) {
      throw new NoPassword(
        'only white space, or a control character in it: no directory is ever asked about such',
      );
    }
    streams.output.write(`${await hashPassword(password)}\n`);
    return 0;
  } catch (failure) {
    if (!(failure instanceof NoPassword)) throw failure;
    streams.errors.write(`${failure.message}\n`);
    return 1;
  }
}

async function readLine(input: Readable): Promise<string> {
  return (await text(input)).replace(/\r?\n$/, '');
}

async function askTwice({ input, errors }: Streams): Promise<string> {
  // What readline would echo goes nowhere; its terminal mode is what keeps the terminal itself from echoing.
  const output = new PassThrough().resume();
  using typing = createInterface({ input, output, terminal: true, historySize: 0 });
  const lines = typing[Symbol.asyncIterator]();
  const ask = async (prompt: string): Promise<string> => {
    errors.write(prompt);
    const line = await lines.next();
    errors.write('\n');
    if (line.done) throw new NoPassword('nothing was typed');
    return line.value;
  };
  const password = await ask('Password: ');
  if ((await ask('The same again: ')) !== password) throw new NoPassword('not the same twice');
  return password;
}
