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
import { digits, printTable, spread } from './table.ts';

/** What a ratio of ours to a peer's is to be. */
export interface Goal {
  /** The least ratio of operations a second. */
  readonly rate: number;
  /** The greatest ratio of CPU for each operation; `undefined`: none is set. */
  readonly cpu: number | undefined;
}

/** Something that ours is compared with. */
export interface Peer {
  readonly side: Side;
  /** `undefined`: none is set. */
  readonly goal: Goal | undefined;
}

/**
 * Measure ours and each peer in turn, after one round each that does not count, and print the medians, and of each
 * peer the ratios of neighbouring rounds. Every peer has rounds of ours of its own: a machine changes by the second.
 */
export async function compareWithPeers(
  ours: Side,
  peers: readonly Peer[],
  options: RoundsOptions,
): Promise<void> {
  const { pairs, secondsPerRound } = options;
  for (const side of [ours, ...peers.map((peer) => peer.side)]) await measureRound(side, secondsPerRound);
  const measured = peers.map((peer) => ({ ...peer, pairs: [] as Pair[] }));
  for (let turn = 0; turn < pairs; turn++) {
    for (const { side, pairs } of measured) {
      pairs.push(await measurePair(ours, side, secondsPerRound, turn % 2 === 1));
    }
  }
  const [, ...columns] = ROUND_HEADER;
  const ourRounds = measured.flatMap(({ pairs }) => pairs.map(([round]) => round));
  printTable(
    ['median', ...columns],
    [
      roundRow(ours.name, middleRound(ourRounds)),
      ...measured.map(({ side, pairs }) => roundRow(side.name, middleRound(pairs.map(([, round]) => round)))),
    ],
  );
  console.log();
  printTable(
    ['median of pairs [range]', 'rate', 'goal', 'CPU', 'goal'],
    measured.map(({ side, goal, pairs }) => [
      `${ours.name} / ${side.name}`,
      spread(pairs.map(([one, other]) => one.perSecond / other.perSecond)),
      goal ? `≥ ${digits(goal.rate, 2)}` : '',
      spread(pairs.map(([one, other]) => one.cpu / other.cpu)),
      goal?.cpu === undefined ? '' : `≤ ${digits(goal.cpu, 2)}`,
    ]),
  );
  console.log();
}
