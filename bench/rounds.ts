import type { LoadResult } from './closed-loop.ts';
import { median } from './statistics.ts';
import { digits } from './table.ts';

/** One of the things that are compared. */
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

/** What one round showed. */
export interface Round extends LoadResult {
  /** CPU time for each operation of what was under load, and of what made the load where that is another; microseconds. */
  readonly cpu: number;
  readonly loadCpu: number | undefined;
}

/** V8 goes on compiling what is hot for seconds, on threads of its own: a service that has run for a minute is meant. */
const WARM_UP_SECONDS = 8;

/** Put a side under load until it is as fast as it will be. @throws as `measureRound` does */
export async function warmUp(side: Side): Promise<void> {
  await measureRound(side, WARM_UP_SECONDS);
}

/** Two rounds, one right after the other. */
export type Pair = readonly [first: Round, second: Round];

/** One round of either side, the second one's first where `turned`. */
export async function measurePair(
  first: Side,
  second: Side,
  secondsPerRound: number,
  turned: boolean,
): Promise<Pair> {
  const early = await measureRound(turned ? second : first, secondsPerRound);
  const late = await measureRound(turned ? first : second, secondsPerRound);
  return turned ? [late, early] : [early, late];
}

/**
 * One round of one side.
 * @throws {Error} naming the side, with the cause
 */
export async function measureRound(side: Side, seconds: number): Promise<Round> {
  const before = side.serverCpu?.();
  const result = await side.run(seconds).catch((cause: unknown) => {
    throw new Error(`${side.name}: the load broke off`, { cause });
  });
  const after = side.serverCpu?.();
  const loadCpu = result.ownCpu / result.operations;
  if (before === undefined || after === undefined) return { ...result, cpu: loadCpu, loadCpu: undefined };
  return { ...result, cpu: (after - before) / result.operations, loadCpu };
}

/** The median of each figure by itself. */
export function middleRound(rounds: readonly Round[]): Round {
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

/** The header over `roundRow`s. The last column is the generator's share of one core: near 100 % it is what was measured. */
export const ROUND_HEADER = ['round', '/s', 'p50 ms', 'p99 ms', 'CPU µs', 'load CPU µs', 'load core'];

/** A round's figures as a row of a table. */
export function roundRow(name: string, { perSecond, p50, p99, cpu, loadCpu }: Round): string[] {
  const figures = [name, digits(perSecond), digits(p50, 2), digits(p99, 2), digits(cpu)];
  if (loadCpu === undefined) return figures;
  return [...figures, digits(loadCpu), `${digits((loadCpu * perSecond) / 10_000)} %`];
}
