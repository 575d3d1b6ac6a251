import { readFileSync } from 'node:fs';
import { inRepository } from '../support/repository.ts';

/** One row of docs/contract.md. */
export interface ContractRow {
  readonly number: string;
  /** What the contract says, in a few words. */
  readonly what: string;
  /** Whether it is kept, different on purpose, or does not apply. */
  readonly verdict: 'kept' | 'different' | 'no';
  /** What stands behind the verdict; empty where nothing does. */
  readonly remark: string;
}

const ROW = /^\| ([\d.]+-\d+) \| (.+) \| (kept|different|no)(?:: (.+))? \|$/;

/** Every row of docs/contract.md, in order. Throws at a line that begins like a row and is none. */
export function contractRows(): ContractRow[] {
  const lines = readFileSync(inRepository('docs/contract.md'), 'utf8').split('\n');
  return lines.filter((line) => /^\| \d/.test(line)).map(readRow);
}

function readRow(line: string): ContractRow {
  const [, number, what, verdict, remark = ''] = ROW.exec(line) ?? [];
  if (number === undefined || what === undefined) throw new Error(`not a row of the contract: ${line}`);
  return { number, what, verdict: verdict as ContractRow['verdict'], remark };
}
