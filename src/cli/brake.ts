import type { Environment } from '../config/environment.ts';
import { duration } from '../config/formats.ts';
import type { BrakeStanding } from '../ports/leaver-brake.ts';
import { moment } from './printable.ts';
import { type Output, withStore } from './with-store.ts';

/**
 * Show how the brake of each configured directory stands, a line each. Gives the exit code: 0, and as `withStore` does.
 */
export function showBrakeCommand(env: Environment, streams: Output): Promise<number> {
  return withStore(env, streams, async ({ config, store }) => {
    for (const { id } of config.directories)
      streams.output.write(`${id}: ${describe(await store.brake.standing(id))}\n`);
    return 0;
  });
}

/**
 * Let everybody go whom a directory does not show any more, for a while, though the brake holds or would hold. Gives the
 * exit code: 0; 1 where no such directory is configured, and as `withStore` does.
 * @param directory its id; `undefined`: every one whose brake holds
 * @param forMs for how long, in milliseconds
 */
export function releaseBrakeCommand(
  env: Environment,
  directory: string | undefined,
  forMs: number,
  streams: Output,
): Promise<number> {
  const { output, errors } = streams;
  return withStore(env, streams, async ({ config, store: { brake } }) => {
    const configured = config.directories.map(({ id }) => id);
    if (directory !== undefined && !configured.includes(directory)) {
      errors.write(`no such directory is configured; there are: ${configured.join(', ')}\n`);
      return 1;
    }
    let released = 0;
    for (const id of directory === undefined ? configured : [directory]) {
      const { heldSince } = await brake.standing(id);
      if (directory === undefined && heldSince === undefined) continue;
      await brake.release(id, forMs);
      released++;
      output.write(`${id}: ${describe(await brake.standing(id))}\n`);
    }
    if (released === 0) output.write('no brake holds: nothing to release\n');
    return 0;
  });
}

/** How long a release is to last, as the settings write durations; in milliseconds, `undefined` where it is none. */
export function readRelease(text: string): number | undefined {
  return duration.safeParse(text).data;
}

function describe({ checked, absent, heldSince, releasedUntil }: BrakeStanding): string {
  const counts = `${absent} of ${checked} that were checked lately are not shown any more`;
  if (releasedUntil !== undefined) return `released until ${moment(releasedUntil)}; ${counts}`;
  return heldSince === undefined ? `does not hold; ${counts}` : `holds since ${moment(heldSince)}; ${counts}`;
}
