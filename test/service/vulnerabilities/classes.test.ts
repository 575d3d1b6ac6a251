import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { inRepository } from '../../support/repository.ts';

/** A row of docs/vulnerability-classes.md, with its tests. */
interface Row {
  readonly what: string;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

const ROW = /^\| (.+?) \| .+? \| (.+) \|$/;
const TEST = /^`(test\/.+\.test\.ts)` (.+)$/;

/** Throws at a line of the table that is no row. */
function readRow(line: string): Row {
  const [, what, cell] = ROW.exec(line) ?? [];
  if (what === undefined || cell === undefined) throw new Error(`not a row: ${line}`);
  const tests = cell.split('<br>').map((text) => {
    const [, file, name] = TEST.exec(text) ?? [];
    if (file === undefined || name === undefined) throw new Error(`not a test: ${text}`);
    return { file, name };
  });
  return { what, tests };
}

const lines = readFileSync(inRepository('docs/vulnerability-classes.md'), 'utf8').split('\n');
const rows = lines
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map(readRow);

describe('the list of vulnerability classes', () => {
  test('has rows, and none twice', () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });

  test.each(rows)('names tests that exist: $what', ({ tests }) => {
    for (const { file, name } of tests) {
      const source = existsSync(inRepository(file)) ? readFileSync(inRepository(file), 'utf8') : '';
      const isThere = [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => source.includes(quoted));
      expect({ file, name, isThere }).toEqual({ file, name, isThere: true });
    }
  });
});
