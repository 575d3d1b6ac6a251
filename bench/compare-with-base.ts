import {
  measurePair,
  middleRound,
  type Pair,
  ROUND_HEADER,
  type RoundsOptions,
  roundRow,
  type Side,
  warmUp,
} from './rounds.ts';
import { digits, printTable, spread } from './table.ts';

/** Something of ours, and the least share of the base that it is to reach, by rate and by CPU. */
export interface Measured {
  readonly side: Side;
  readonly goal: number;
}

/**
 * Measure each side and the base in turn, after a warm-up of each, and print the medians, and what share of the base each
 * side reaches: in operations a second, and in operations for as much CPU. Every side has rounds of the base of its own: a
 * machine changes by the second.
 */
export async function compareWithBase(
  ours: readonly Measured[],
  base: Side,
  { pairs, secondsPerRound }: RoundsOptions,
): Promise<void> {
  for (const side of [...ours.map((one) => one.side), base]) await warmUp(side);
  const measured = ours.map((one) => ({ ...one, pairs: [] as Pair[] }));
  for (let turn = 0; turn < pairs; turn++) {
    for (const { side, pairs } of measured) {
      pairs.push(await measurePair(side, base, secondsPerRound, turn % 2 === 1));
    }
  }
  const baseRounds = measured.flatMap(({ pairs }) => pairs.map(([, round]) => round));
  printTable(
    ['median', ...ROUND_HEADER.slice(1)],
    [
      ...measured.map(({ side, pairs }) => roundRow(side.name, middleRound(pairs.map(([round]) => round)))),
      roundRow(base.name, middleRound(baseRounds)),
    ],
  );
  console.log();
  printTable(
    [`share of ${base.name} [range]`, 'by rate', 'by CPU', 'goal'],
    measured.map(({ side, goal, pairs }) => [
      side.name,
      spread(pairs.map(([one, other]) => one.perSecond / other.perSecond)),
      spread(pairs.map(([one, other]) => other.cpu / one.cpu)),
      `≥ ${digits(goal, 2)}`,
    ]),
  );
  console.log();
}
