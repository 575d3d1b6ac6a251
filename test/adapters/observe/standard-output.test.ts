import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { inRepository } from '../../support/repository.ts';
import { PATIENCE_MS } from '../../support/until.ts';

const MODULE = JSON.stringify(inRepository('src/adapters/observe/standard-output.ts'));

/** Run a program that has `output`. */
function start(program: string): ChildProcessByStdio<Writable, Readable, Readable> {
  const source = `import { standardOutput } from ${MODULE}; const output = standardOutput(); ${program}`;
  return spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** The lines of a program that writes `count` and then ends. */
async function linesOf(count: number, end: string): Promise<string[]> {
  const child = start(`for (let n = 0; n < ${count}; n++) output.write('line ' + n + '\\n'); ${end}`);
  child.stderr.resume();
  const [written] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return written.split('\n').slice(0, -1);
}

const expected = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);

describe('standard output', () => {
  test.each([
    ['that is ended', 'process.exit(0);'],
    ['that flushes first', 'output.flushSync(); process.exit(0);'],
    ['that an error ends', "throw new Error('nobody catches this');"],
  ])('has every line of a process %s', async (_which, end) => {
    expect(await linesOf(500, end)).toEqual(expected(500));
    // With some of them under way in the background, the last ones may come before those.
    expect((await linesOf(50_000, end)).sort()).toEqual(expected(50_000).sort());
  });

  test('has whole lines where a process ends that somebody has just begun to read', async () => {
    // The pipe is full by then, with a write in the background under way, and what waits is written beside it.
    const child = start(`
      const end = () => { console.error('reading'); output.flushSync(); process.exit(0); };
      for (let n = 0; n < 50_000; n++) output.write('line ' + n + '\\n');
      setImmediate(end);`);
    child.stdout.pause();
    await once(child.stderr, 'data');
    const [written] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(written.split('\n').slice(0, -1).sort()).toEqual(expected(50_000).sort());
  });

  test('has lines of any length and alphabet, in order and soon, while the process goes on', async () => {
    const lengths = [1, 87_000, 2, 88_000, 300_000, 3];
    const child = start(`
      for (const n of ${JSON.stringify(lengths)}) output.write('€é'.repeat(n) + '\\n');
      process.stdin.resume();`);
    const lines: string[] = [];
    try {
      for await (const line of createInterface({
        input: child.stdout,
        signal: AbortSignal.timeout(PATIENCE_MS),
      })) {
        lines.push(line);
        if (lines.length === lengths.length) break;
      }
    } finally {
      child.kill();
      await once(child, 'exit');
    }
    expect(lines.map((line) => line.length / 2)).toEqual(lengths);
    expect(lines.every((line) => line === '€é'.repeat(line.length / 2))).toBe(true);
  });
});
