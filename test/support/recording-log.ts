import type { Log } from '../../src/ports/log.ts';

/** A log that keeps what it is told: `lines` has it as text, one line each. */
export function recordingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (fields: object, message: string) => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  return { info: keep, warn: keep, error: keep, lines };
}
