/** How a step ended; `skipped`: it rests on one that failed, or there is nothing to look at. */
export type Status = 'ok' | 'warning' | 'failed' | 'skipped';

/** Where a step looked. */
export interface Place {
  /** The id of the directory; `undefined`: none in particular. */
  readonly directory?: string;
  /** The server, as a URL; `undefined`: none in particular. */
  readonly server?: string;
}

/** One step of the walk, as it is shown. */
export interface Step extends Place {
  readonly name: string;
  readonly status: Status;
  readonly ms: number;
  /** What was seen, in one line. */
  readonly seen: string;
  /** The setting to change and a suggested value; there wherever a step failed. */
  readonly fix?: string;
}

/** What a look gives: with a `value` for the steps that follow where nothing is in their way. */
export type Look<T> =
  | { readonly status: 'ok'; readonly seen: string; readonly value: T }
  | { readonly status: 'warning'; readonly seen: string; readonly fix: string; readonly value: T }
  | { readonly status: 'failed'; readonly seen: string; readonly fix: string }
  | { readonly status: 'skipped'; readonly seen: string };

/** All steps so far, in order. */
export interface Walk {
  readonly steps: readonly Step[];
  /**
   * Take a step.
   * @param look must not throw for anything that a wrong setting can cause; what it throws all the same is shown
   * as a failure
   * @returns its value; `undefined` where it failed or was skipped
   */
  step<T>(name: string, place: Place, look: () => Promise<Look<T>>): Promise<T | undefined>;
  /** Whether none of the steps that `take` takes fails; to be skipped is not to fail. */
  noneFails(take: () => Promise<unknown>): Promise<boolean>;
  /** Leave a step out, and say why. */
  skip(name: string, place: Place, why: string): void;
}

/** The longest that one line of a step may be, in characters: servers say as much as they like. */
const MAX_LINE = 600;

/**
 * Begin a walk.
 * @param onStep told of each step when it is done
 * @param now monotonic clock, in milliseconds
 */
export function createWalk(
  onStep: (step: Step) => void = () => {},
  now: () => number = () => performance.now(),
): Walk {
  const steps: Step[] = [];
  const add = (step: Step) => {
    steps.push(step);
    onStep(step);
  };
  return {
    steps,
    async step(name, place, look) {
      const begun = now();
      const seen = await look().catch(unforeseen);
      const ms = Math.round((now() - begun) * 10) / 10;
      const fix = 'fix' in seen ? { fix: oneLine(seen.fix) } : {};
      add({ name, ...place, status: seen.status, ms, seen: oneLine(seen.seen), ...fix });
      return 'value' in seen ? seen.value : undefined;
    },
    async noneFails(take) {
      const before = steps.length;
      await take();
      return steps.slice(before).every(({ status }) => status !== 'failed');
    },
    skip(name, place, why) {
      add({ name, ...place, status: 'skipped', ms: 0, seen: oneLine(why) });
    },
  };
}

function unforeseen(failure: unknown): Look<never> {
  const seen = failure instanceof Error ? failure.message : String(failure);
  return { status: 'failed', seen, fix: 'no setting is known for this; the line says what happened' };
}

/** What servers and entries say must not move a terminal's cursor, nor forge a line of the report. */
function oneLine(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return plain.length > MAX_LINE ? `${plain.slice(0, MAX_LINE)}…` : plain;
}
