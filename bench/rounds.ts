import { parseArgs } from 'node:util';
import type { LoadResult } from './closed-loop.ts';
import { median } from './statistics.ts';
import { digits, printTable } from './table.ts';

/** One of two things that are compared. */
export interface Side {
  readonly name: string;
  /** Put it under load for so many seconds. */
  run(seconds: number): Promise<LoadResult>;
  /** CPU time in microseconds so far of the server under load; `undefined`: the load's own process is meant. */
  readonly serverCpu: (() => number) | undefined;
}

/** How long to measure. */
export interface RoundsOptions {
  /** Each pair is one round of either side, the order turned around from pair to pair. */
  readonly pairs: number;
  readonly secondsPerRound: number;
}

interface Round extends LoadResult {
  /** CPU time for each operation of what was under load, and of what made the load where that is another; microseconds. */
  readonly cpu: number;
  readonly loadCpu: number | undefined;
}

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
  for (const side of [first, second]) await side.run(options.secondsPerRound);
  const rounds: [Round, Round][] = [];
  for (let pair = 0; pair < options.pairs; pair++) {
    const turned = pair % 2 === 1;
    const early = await measure(turned ? second : first, options.secondsPerRound);
    const late = await measure(turned ? first : second, options.secondsPerRound);
    rounds.push(turned ? [late, early] : [early, late]);
  }
  const firsts = rounds.map(([one]) => one);
  const seconds = rounds.map(([, other]) => other);
  const header = ['round', '/s', 'p50 ms', 'p99 ms', 'CPU µs', 'load CPU µs'];
  printTable(header, [
    ...rounds.flatMap(([one, other], pair) => [
      row(`${pair + 1} ${first.name}`, one),
      row(`${pair + 1} ${second.name}`, other),
    ]),
    row(`median ${first.name}`, middle(firsts)),
    row(`median ${second.name}`, middle(seconds)),
  ]);
  printRatio(first.name, second.name, firsts, seconds);
}

async function measure(side: Side, seconds: number): Promise<Round> {
  const before = side.serverCpu?.();
  const result = await side.run(seconds);
  const after = side.serverCpu?.();
  const loadCpu = result.ownCpu / result.operations;
  if (before === undefined || after === undefined) return { ...result, cpu: loadCpu, loadCpu: undefined };
  return { ...result, cpu: (after - before) / result.operations, loadCpu };
}

function middle(rounds: readonly Round[]): Round {
  const of = (field: (round: Round) => number) => median(rounds.map(field));
  const hasLoad = rounds.every((round) => round.loadCpu !== undefined);
  return {
    operations: of((round) => round.operations),
    perSecond: of((round) => round.perSecond),
    p50: of((round) => round.p50),
    p99: of((round) => round.p99),
    ownCpu: of((round) => round.ownCpu),
    cpu: of((round) => round.cpu),
    loadCpu: hasLoad ? of((round) => round.loadCpu ?? 0) : undefined,
  };
}

function row(name: string, { perSecond, p50, p99, cpu, loadCpu }: Round): string[] {
  const load = loadCpu === undefined ? '' : digits(loadCpu);
  return [name, digits(perSecond), digits(p50, 2), digits(p99, 2), digits(cpu), load];
}

function printRatio(one: string, other: string, firsts: readonly Round[], seconds: readonly Round[]): void {
  const pairs = firsts.map((round, pair) => round.perSecond / (seconds[pair]?.perSecond ?? Number.NaN));
  const ofMedians = middle(firsts).perSecond / middle(seconds).perSecond;
  const ofCpu = middle(seconds).cpu / middle(firsts).cpu;
  const range = `${digits(Math.min(...pairs), 2)} to ${digits(Math.max(...pairs), 2)}`;
  console.log(
    `${one} / ${other}: ${digits(ofMedians, 2)} by rate (pairs: ${range}), ${digits(ofCpu, 2)} by CPU\n`,
  );
}
