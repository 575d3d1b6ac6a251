import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inRepository } from './repository.ts';

const SKIPS = `
test('is good', () => {});
describe('a domain controller (needs Samba AD: no root)', () => {
  test.skip('answers', () => {});
});`;
const TEARDOWN = "module.exports = () => { throw new Error('something is left behind'); };";

describe("the last lines of a run's output", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'latchkey-reporter-'));
    await writeFile(join(dir, 'skips.test.js'), SKIPS);
    await writeFile(join(dir, 'bad.test.js'), "test('is bad', () => { throw new Error('bad'); });");
    await writeFile(join(dir, 'broken.test.js'), 'this is no JavaScript');
    await writeFile(join(dir, 'teardown.js'), TEARDOWN);
  });
  afterAll(() => rm(dir, { recursive: true }));

  /** Runs Jest on files of the folder; gives its exit code and the lines of its standard error. */
  async function run(args: readonly string[], { insist = false, teardown = false } = {}) {
    const config = {
      rootDir: dir,
      reporters: ['default', inRepository('test/support/count-reporter.ts')],
      ...(teardown && { globalTeardown: join(dir, 'teardown.js') }),
    };
    const child = spawn(
      process.execPath,
      [inRepository('node_modules/jest/bin/jest.js'), '--config', JSON.stringify(config), '-i', ...args],
      { cwd: dir, env: { ...process.env, LATCHKEY_TEST_INSIST: insist ? '1' : '' } },
    );
    const closed = new Promise((resolve) => child.once('close', resolve));
    const [code, output] = await Promise.all([closed, text(child.stderr)]);
    return { code, lines: output.trimEnd().split('\n') };
  }

  test('name what was skipped, and count what failed or could not even be loaded', async () => {
    const { code, lines } = await run([]);
    expect(lines.slice(-3)).toEqual([
      'skipped: a domain controller (needs Samba AD: no root) answers',
      '',
      '1 passed, 2 failed, 1 skipped',
    ]);
    expect(code).toBe(1);
  });

  test('a skipped test is a failure where every server is insisted on', async () => {
    const { code, lines } = await run(['skips'], { insist: true });
    expect(lines.slice(-2)).toEqual([
      'LATCHKEY_TEST_INSIST=1: a skipped test is a failure',
      '1 passed, 0 failed, 1 skipped',
    ]);
    expect(code).toBe(1);
  });

  test('what was not asked for by its name is not named, and no failure', async () => {
    const { code, lines } = await run(['skips', '-t', 'is good'], { insist: true });
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 1 skipped');
    expect(lines.join('\n')).not.toContain('skipped: ');
    expect(code).toBe(0);
  });

  test('a run that fails while it is cleaned up has a failure', async () => {
    const { code, lines } = await run(['skips'], { teardown: true });
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 1 skipped');
    expect(code).toBe(1);
  });
});
