import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { readPasswordHash } from '../../src/adapters/file/password-hash.ts';
import { hashPasswordCommand } from '../../src/cli/hash-password.ts';

/** Run the command on what is piped to it or, where `typed` is set, typed. */
async function run(written: string, { typed = false } = {}) {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  input.end(written);
  const code = await hashPasswordCommand({ input: Object.assign(input, { isTTY: typed }), output, errors });
  return { code, output: await text(output.end()), errors: await text(errors.end()) };
}

async function isHashOf(password: string, output: string): Promise<boolean> {
  const [, hash = ''] = /^(\S+)\n$/.exec(output) ?? [];
  return (await readPasswordHash(hash)?.(password)) ?? false;
}

describe('latchkey hash-password', () => {
  test.each(['correct horse\n', 'correct horse\r\n', 'correct horse'])(
    'hashes %j from a pipe, and writes nothing else',
    async (line) => {
      const { code, output, errors } = await run(line);
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(await isHashOf('correct horse', output)).toBe(true);
    },
  );

  test('keeps space around a password, as the service does', async () => {
    expect(await isHashOf(' x ', (await run(' x \n')).output)).toBe(true);
  });

  test.each(['', '\n', '   \n', 'two\nlines\n', 'nul\0\n', 'tab\tbed\n'])(
    'refuses %j, which no directory is ever asked about',
    async (written) => {
      expect(await run(written)).toEqual({
        code: 1,
        output: '',
        errors: 'only white space, or a control character in it: no directory is ever asked about such\n',
      });
    },
  );

  test('asks twice where somebody types, and echoes nothing', async () => {
    const { code, output, errors } = await run('pässw0rd\rpässw0rd\r', { typed: true });
    expect({ code, errors }).toEqual({ code: 0, errors: 'Password: \nThe same again: \n' });
    expect(await isHashOf('pässw0rd', output)).toBe(true);
  });

  test('lets somebody correct what they type', async () => {
    const { output } = await run('pwx\x7f\rpw\r', { typed: true });
    expect(await isHashOf('pw', output)).toBe(true);
  });

  test.each([
    ['not the same twice', 'one\rtwo\r'],
    ['nothing was typed', '\x03'],
    ['nothing was typed', '\x04'],
    ['nothing was typed', 'once\r\x03'],
  ])('says %j of %j', async (complaint, written) => {
    const { code, output, errors } = await run(written, { typed: true });
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors.split('\n').at(-2)).toBe(complaint);
  });
});
