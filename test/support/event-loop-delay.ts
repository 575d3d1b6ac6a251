import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Looks at the event loop of this process until it is disposed of. */
export interface EventLoopDelay extends Disposable {
  /** The longest that the loop has been away from its timers since it was begun, in ms. */
  worstMs(): number;
}

/** Begins to look at the event loop of this process, every millisecond; resolves once the first look is over. */
export async function watchEventLoop(): Promise<EventLoopDelay> {
  const looks = monitorEventLoopDelay({ resolution: 1 });
  looks.enable();
  // Node measures from one look to the next: what happens before the first is not seen.
  while (looks.count === 0) await delay(1);
  return { worstMs: () => looks.max / 1e6, [Symbol.dispose]: () => void looks.disable() };
}

const METRIC = /^nodejs_eventloop_lag_max_seconds (\S+)$/m;

/**
 * How long the event loop of a service was away from its timers at worst since this was asked before, in ms. The service
 * looks every 100 ms and gives the time from one look to the next: the answer is about 100 where nothing was delayed,
 * and what is delayed before the first look is not seen. Throws where its metrics do not tell.
 */
export async function eventLoopDelayOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const seconds = METRIC.exec(text)?.[1];
  if (seconds === undefined) throw new Error(`the metrics of ${url} do not tell how late its event loop was`);
  return Number(seconds) * 1000;
}
