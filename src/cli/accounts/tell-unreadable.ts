import type { Writable } from 'node:stream';

/** Complains about records that cannot be read, and counts them. */
export interface Unreadable {
  readonly tell: (failure: unknown) => void;
  readonly count: () => number;
}

/** Complain on `errors`, a line each. */
export function tellUnreadable(errors: Writable): Unreadable {
  let count = 0;
  return {
    tell(failure) {
      count++;
      errors.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    },
    count: () => count,
  };
}
