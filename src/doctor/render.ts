import type { Status, Step } from './step.ts';

/** Marks of equal width, so that what was seen begins in one column. */
const MARKS: Record<Status, string> = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'FAILED ',
  skipped: 'skipped',
};
/** SGR (ECMA-48, 8.3.117). */
const COLOURS: Record<Status, number> = { ok: 32, warning: 33, failed: 31, skipped: 2 };
const NAME_WIDTH = 18;
const MS_WIDTH = 9;
/** Where a line's text begins: behind mark, name and time. */
const INDENT = ' '.repeat(MARKS.ok.length + NAME_WIDTH + MS_WIDTH + 6);

/** What the whole walk came to. */
export interface Report {
  /** Whether a sign-in would work. */
  readonly ok: boolean;
  readonly steps: readonly Step[];
}

/** The report as one JSON object. */
export function renderJson({ ok, steps }: Report): string {
  return `${JSON.stringify({ ok, steps })}\n`;
}

/**
 * Makes the lines of one step, with a line of their own for the place where it differs from the step's before.
 * @param inColour only for a terminal
 */
export function createStepLines(inColour: boolean): (step: Step) => string {
  let place = '';
  return (step) => {
    const here = headingOf(step);
    const heading = here === place ? '' : `\n${here}\n`;
    place = here;
    const mark = inColour
      ? `\u001b[${COLOURS[step.status]}m${MARKS[step.status]}\u001b[0m`
      : MARKS[step.status];
    const time = step.status === 'skipped' ? '' : `${step.ms.toFixed(1)} ms`;
    const line = `  ${mark}  ${step.name.padEnd(NAME_WIDTH)}${time.padStart(MS_WIDTH)}  ${step.seen}\n`;
    const fix = step.fix === undefined ? '' : `${INDENT}→ ${step.fix}\n`;
    return heading + line + fix;
  };
}

/** The last line: what the walk came to. */
export function renderVerdict({ ok, steps }: Report): string {
  const count = (status: Status) => steps.filter((step) => step.status === status).length;
  const verdict = ok ? 'A sign-in would work.' : 'A sign-in would not work.';
  return `\n${verdict} ${count('failed')} failed, ${count('warning')} warnings, ${count('skipped')} skipped.\n`;
}

function headingOf({ directory, server }: Step): string {
  if (directory === undefined) return 'service';
  return server === undefined ? `directory ${directory}` : `directory ${directory}, ${server}`;
}
