import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  type IBackoff,
} from 'cockatiel';
import { ConnectionFailure } from '../connection/connection-failure.ts';

/** When a server that failed is asked again: after the first, then ever more rarely; milliseconds. */
export interface ProbeOptions {
  readonly firstMs: number;
  readonly atMostMs: number;
}

/** Hears when the server goes, and when it comes back: each once. */
export interface ServerEvents {
  onDown(failure: ConnectionFailure): void;
  onUp(): void;
}

/** Opens at the first `ConnectionFailure`, and closes when a probe succeeds. */
export interface ServerBreaker extends Disposable {
  readonly isUp: () => boolean;
  /** Run an operation on a server that is up; what it throws may open the breaker. */
  run<T>(operation: () => Promise<T>): Promise<T>;
  /**
   * Probe now, or wait for the probe that is under way, and for one more where that fails: it may have begun before
   * the server came back. Throws what the last one throws.
   */
  probe(): Promise<void>;
}

/**
 * Make a breaker, closed. While it is open, `probe` is called in the background, without keeping the process
 * alive. What fails after the server has come back, though it began before, does not open it again. One that fails
 * again within `atMostMs` of coming back is probed ever more rarely: each time it may cost somebody a sign-in.
 * @param now monotonic clock, in milliseconds
 */
export function createServerBreaker(
  probe: () => Promise<void>,
  { firstMs, atMostMs }: ProbeOptions,
  events: ServerEvents,
  now: () => number = () => performance.now(),
): ServerBreaker {
  // Only probes run while it is open, and they know when: it need not keep them waiting.
  const options = { breaker: new ConsecutiveBreaker(1), halfOpenAfter: 0 };
  const policy = circuitBreaker(handleType(ConnectionFailure), options);
  const schedule = new ExponentialBackoff<unknown>({ initialDelay: firstMs, maxDelay: atMostMs });
  let isDown = false;
  let upSince = Number.NEGATIVE_INFINITY;
  let generation = 0;
  let backoff: IBackoff<unknown> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let probing: Promise<void> | undefined;
  let ended = false;

  const probeNow = (): Promise<void> => {
    clearTimeout(timer);
    probing ??= policy.execute(probe).finally(() => {
      probing = undefined;
      if (isDown) probeLater();
    });
    return probing;
  };
  const probeLater = () => {
    if (ended || probing !== undefined) return;
    clearTimeout(timer);
    backoff = backoff?.next(undefined) ?? schedule.next();
    timer = setTimeout(() => probeNow().catch(() => {}), Math.min(backoff.duration, atMostMs)).unref();
  };
  policy.onBreak((reason) => {
    if (isDown || ended || !('error' in reason)) return;
    isDown = true;
    if (now() - upSince >= atMostMs) backoff = undefined;
    generation++;
    events.onDown(reason.error as unknown as ConnectionFailure);
    probeLater();
  });
  policy.onReset(() => {
    isDown = false;
    upSince = now();
    clearTimeout(timer);
    if (!ended) events.onUp();
  });

  return {
    isUp: () => policy.state === CircuitState.Closed,
    async run(operation) {
      const bornIn = generation;
      const outcome = await policy.execute(async () => {
        try {
          return { value: await operation() };
        } catch (failure) {
          if (bornIn === generation) throw failure;
          return { failure };
        }
      });
      if ('value' in outcome) return outcome.value as Awaited<ReturnType<typeof operation>>;
      throw outcome.failure;
    },
    probe: () => probing?.catch(probeNow) ?? probeNow(),
    [Symbol.dispose]() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
