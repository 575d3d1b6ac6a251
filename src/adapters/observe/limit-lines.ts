import type { RequestLine } from '../../ports/log.ts';

/** How many lines there were beyond the limit. */
export interface LeftOut extends Pick<RequestLine, 'path' | 'outcome'> {
  readonly count: number;
}

/** Decides which lines are written. */
export interface LineLimit {
  readonly admits: (line: RequestLine) => boolean;
  /** Tell now of what was left out since it was told of last. */
  readonly tell: () => void;
}

const SECOND_MS = 1000;

/**
 * Admit `most` lines of each outcome in a second, and tell how many more there were when it is over: anybody can send
 * keys that are none, and must not fill a disk by it.
 */
export function createLineLimit(most: number, tellOf: (leftOut: LeftOut) => void): LineLimit {
  const seen = new Map<string | undefined, { readonly path: string; count: number }>();
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const [outcome, { path, count }] of seen)
      if (count > most) tellOf({ path, outcome, count: count - most });
    seen.clear();
  };
  return {
    tell,
    admits({ path, outcome }) {
      timer ??= setTimeout(tell, SECOND_MS).unref();
      const alike = seen.get(outcome) ?? { path, count: 0 };
      if (alike.count === 0) seen.set(outcome, alike);
      return ++alike.count <= most;
    },
  };
}
