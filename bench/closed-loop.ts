import { percentile } from './statistics.ts';

/** How long a load goes on, and how wide it is. */
export interface LoopPlan {
  /** Operations in flight at once: each lane begins its next one when its last one is answered. */
  readonly lanes: number;
  readonly seconds: number;
  /** The load ends early once this many operations have begun; may be Infinity. */
  readonly operations: number;
}

/** What a load did. */
export interface LoadResult {
  readonly operations: number;
  readonly perSecond: number;
  /** Latencies in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the process that made the load, in microseconds. */
  readonly ownCpu: number;
}

/**
 * Run `operate` over and over. `index` counts the operations from 0 on.
 * @throws whatever `operate` rejects with: a load with wrong answers measures nothing
 */
export async function runClosedLoop(
  plan: LoopPlan,
  operate: (lane: number, index: number) => Promise<void>,
): Promise<LoadResult> {
  const latencies: number[] = [];
  const cpuBefore = process.cpuUsage();
  const begin = performance.now();
  const end = begin + plan.seconds * 1000;
  let begun = 0;
  const runLane = async (lane: number) => {
    for (let start = performance.now(); start < end && begun < plan.operations; start = performance.now()) {
      await operate(lane, begun++);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: plan.lanes }, (_, lane) => runLane(lane)));
  const elapsed = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpuBefore);
  const sorted = Float64Array.from(latencies).sort();
  return {
    operations: latencies.length,
    perSecond: latencies.length / (elapsed / 1000),
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    ownCpu: user + system,
  };
}
