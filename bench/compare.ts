import { parseArgs } from 'node:util';
import {
  measurePair,
  measureRound,
  middleRound,
  type Pair,
  ROUND_HEADER,
  type RoundsOptions,
  roundRow,
  type Side,
} from './rounds.ts';
import { digits, printTable } from './table.ts';

/** What the command line says (`--pairs 6 --seconds 4`), or these. */
export function readRoundsOptions(defaults: RoundsOptions): RoundsOptions {
  const { values } = parseArgs({ options: { pairs: { type: 'string' }, seconds: { type: 'string' } } });
  return {
    pairs: Number(values.pairs ?? defaults.pairs),
    secondsPerRound: Number(values.seconds ?? defaults.secondsPerRound),
  };
}

/**
 * Measure two sides in turn, after one round each that does not count, and print every round, the medians and the
 * ratio of the first side to the second. In turn, because what else the machine does changes by the second.
 */
export async function compare(first: Side, second: Side, options: RoundsOptions): Promise<void> {
  for (const side of [first, second]) await measureRound(side, options.secondsPerRound);
  const pairs: Pair[] = [];
  for (let pair = 0; pair < options.pairs; pair++) {
    pairs.push(await measurePair(first, second, options.secondsPerRound, pair % 2 === 1));
  }
  const one = middleRound(pairs.map(([round]) => round));
  const other = middleRound(pairs.map(([, round]) => round));
  printTable(ROUND_HEADER, [
    ...pairs.flatMap(([early, late], pair) => [
      roundRow(`${pair + 1} ${first.name}`, early),
      roundRow(`${pair + 1} ${second.name}`, late),
    ]),
    roundRow(`median ${first.name}`, one),
    roundRow(`median ${second.name}`, other),
  ]);
  const rates = pairs.map(([early, late]) => early.perSecond / late.perSecond);
  const range = `${digits(Math.min(...rates), 2)} to ${digits(Math.max(...rates), 2)}`;
  const byRate = digits(one.perSecond / other.perSecond, 2);
  const byCpu = digits(other.cpu / one.cpu, 2);
  console.log(`${first.name} / ${second.name}: ${byRate} by rate (pairs: ${range}), ${byCpu} by CPU\n`);
}
