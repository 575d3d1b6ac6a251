import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inRepository } from '../support/repository.ts';
import { until } from '../support/until.ts';

/** Takes its time until there is a file `go`, and notes what it does. */
const npm = `#!/bin/sh
echo begins >>npm.log
until [ -e go ]; do sleep 0.05; done
mkdir -p node_modules
touch node_modules/.package-lock.json
echo ends >>npm.log
`;
const tools = 'sh cat chmod dirname find id ln mkdir ps readlink rm rmdir sleep touch'.split(' ');

/** A started set-up.sh, and what it has said so far. */
type Run = { process: ChildProcess; said(): string; ended: Promise<unknown[]> };

describe.each([
  ['flock', [...tools, 'flock']],
  ['no flock, as on macOS', tools],
])('a set-up with %s', (_, commands) => {
  let clone: string;
  let bin: string;
  const runs: Run[] = [];
  beforeEach(async () => {
    clone = await mkdtemp(join(tmpdir(), 'latchkey-set-up-'));
    bin = join(clone, 'bin');
    for (const folder of ['bin', 'scripts', '.latchkey']) await mkdir(join(clone, folder));
    await cp(inRepository('scripts/set-up.sh'), join(clone, 'scripts/set-up.sh'));
    await writeFile(join(clone, 'package-lock.json'), '{}');
    await writeFile(join(bin, 'npm'), npm);
    await chmod(join(bin, 'npm'), 0o755);
    await symlink(process.execPath, join(bin, 'node'));
    for (const command of commands) {
      const path = spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).stdout.trim();
      await symlink(path, join(bin, command));
    }
  });
  afterEach(async () => {
    await writeFile(join(clone, 'go'), '');
    for (const run of runs.splice(0)) {
      run.process.kill(); // one that waits in vain would outlive its test
      await run.ended;
    }
    await rm(clone, { recursive: true });
  });

  const start = (): Run => {
    const child = spawn('sh', ['scripts/set-up.sh', 'npm'], { cwd: clone, env: { PATH: bin } });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const run = { process: child, said: () => said, ended: once(child, 'close') };
    runs.push(run);
    return run;
  };
  const npmLog = () => readFile(join(clone, 'npm.log'), 'utf8');

  test('waits for the other in the same clone, and finds all installed', async () => {
    const first = start();
    await until('npm is at work', async () => (await npmLog()) === 'begins\n');
    const second = start();
    await until('the second waits', () => second.said().includes('waiting for another run'));
    await writeFile(join(clone, 'go'), '');
    expect(await first.ended).toEqual([0, null]);
    expect(await second.ended).toEqual([0, null]);
    expect(await npmLog()).toBe('begins\nends\n');
  });

  test('does not wait for one that has died', async () => {
    const { pid } = spawnSync('true');
    await symlink(String(pid), join(clone, '.latchkey/set-up.pid'));
    await writeFile(join(clone, '.latchkey/set-up.lock'), '');
    await writeFile(join(clone, 'go'), '');
    const run = start();
    expect(await run.ended).toEqual([0, null]);
    expect(run.said()).not.toContain('waiting');
  });
});
