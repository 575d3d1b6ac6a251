import { parseArgs } from 'node:util';
import type { RoundsOptions } from './rounds.ts';

/** What the command line says (`--pairs 6 --seconds 4`), or these. */
export function readRoundsOptions(defaults: RoundsOptions): RoundsOptions {
  const { values } = parseArgs({ options: { pairs: { type: 'string' }, seconds: { type: 'string' } } });
  return {
    pairs: Number(values.pairs ?? defaults.pairs),
    secondsPerRound: Number(values.seconds ?? defaults.secondsPerRound),
  };
}
