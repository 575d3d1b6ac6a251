import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type EventLoopDelay, eventLoopDelayOf, watchEventLoop } from './event-loop-delay.ts';

/** How late the machine makes everybody, while a test measures something else. */
export interface Delays extends AsyncDisposable {
  /**
   * The worst that was seen since it was begun. What goes through all of them is made late by no more than the sum.
   * Throws where a Redis has not answered meanwhile.
   */
  worst(): Promise<WorstDelays>;
}

/** The worst of each, in ms, and their sum. */
export interface WorstDelays {
  readonly sumMs: number;
  /** All of it in words. */
  readonly inWords: string;
}

/** Who takes part beside this process. */
export interface Delayed {
  /** Services, by their URL: how late their event loops are. */
  readonly services?: readonly string[];
  /** Redis servers, by their port at 127.0.0.1: how late they answer the smallest question, asked all the time. */
  readonly redis?: readonly number[];
}

/** How long nobody asks a Redis, in ms. */
const PAUSE_MS = 2;

/** Begins to look. */
export async function watchDelays({ services = [], redis = [] }: Delayed): Promise<Delays> {
  await using starting = new AsyncDisposableStack();
  const own = starting.use(await watchEventLoop());
  const pings = redis.map((port) => starting.use(startPings(port)));
  await Promise.all(services.map(eventLoopDelayOf));
  const loops = services.map(() => 0);
  const parts = starting.move();
  return {
    async worst() {
      for (const [at, url] of services.entries()) {
        loops[at] = Math.max(loops[at] ?? 0, await eventLoopDelayOf(url)); // asking begins it anew
      }
      return sum(own, loops, pings);
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function sum(own: EventLoopDelay, loops: readonly number[], pings: readonly Pings[]): WorstDelays {
  const each: Record<string, number> = { 'event loop of the test': own.worstMs() };
  for (const [at, ms] of loops.entries()) each[`event loop of service ${at + 1}`] = ms;
  for (const { port, worstMs } of pings) each[`Redis at ${port}`] = worstMs();
  const words = Object.entries(each).map(([who, ms]) => `${who} ${ms.toFixed(1)} ms`);
  const sumMs = Object.values(each).reduce((all, ms) => all + ms, 0);
  return { sumMs, inWords: `delays of ${sumMs.toFixed(1)} ms (${words.join(', ')})` };
}

interface Pings extends AsyncDisposable {
  readonly port: number;
  /** The longest from one answer to the next, or since the last; in ms: `PAUSE_MS` where nothing was delayed. */
  worstMs(): number;
}

function startPings(port: number): Pings {
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => null });
  client.on('error', () => {});
  let [worst, answered] = [0, performance.now()];
  let isOver = false;
  let failure: unknown;
  const pinging = (async () => {
    while (!isOver) {
      await client.ping();
      const now = performance.now();
      [worst, answered] = [Math.max(worst, now - answered), now];
      await delay(PAUSE_MS);
    }
  })().catch((error: unknown) => {
    failure = error;
  });
  return {
    port,
    worstMs() {
      if (failure !== undefined) throw new Error(`the Redis at ${port} does not answer`, { cause: failure });
      return Math.max(worst, performance.now() - answered);
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      client.disconnect();
      await pinging;
    },
  };
}

/**
 * Prints the worst of what was measured, with the delays meanwhile, as one line on standard output.
 * @param what e.g. `on another node` · @param worstMs in milliseconds · gives the longest that it may be, in ms:
 * the bound, and what the machine has put on it
 */
export function boundWith(what: string, worstMs: number, boundMs: number, delays: WorstDelays): number {
  process.stdout.write(`worst: ${worstMs.toFixed(1)} ms ${what}; ${delays.inWords}\n`);
  return boundMs + delays.sumMs;
}
