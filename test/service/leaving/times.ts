import type { Followed } from './follow.ts';

/** What a story tells of time, in milliseconds. */
interface Timed {
  readonly tookMs: number;
  readonly back?: { readonly tookMs: number } | undefined;
}

/** The times of one suite, for people to read. */
export interface Times {
  note(what: string, followed: Followed<Timed>): void;
  /** Write them to standard output as one table under this heading. */
  print(heading: string): void;
}

/** Keep times. */
export function createTimes(): Times {
  const rows: string[] = [];
  const ms = (one: number) => `${Math.round(one)} ms`.padStart(8);
  return {
    note(what, { came, unseen }) {
      const back = came.back ? `, back after ${ms(came.back.tookMs)}` : '';
      const late = unseen ? ', asked about where the directory is not watched' : '';
      rows.push(`  ${what.padEnd(52)} ${ms(came.tookMs)}${back}${late}`);
    },
    print(heading) {
      process.stdout.write(`${[heading, ...rows].join('\n')}\n`);
    },
  };
}
