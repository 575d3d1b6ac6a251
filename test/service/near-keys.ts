import { Redis } from 'ioredis';
import { PATIENCE_MS, until } from '../support/until.ts';
import { verify } from './stack.ts';

/** What is asked about keys that replicas keep near. */
export interface NearKeys extends Disposable {
  /** Wait until this replica answers a verification of the key without asking Redis for any account. */
  untilKept(url: string, apiKey: string): Promise<void>;
}

/** Look at Redis while keys are verified. Nothing else may read accounts meanwhile. @param redisUrl not by a proxy */
export function watchNearKeys(redisUrl: string): NearKeys {
  const redis = new Redis(redisUrl);
  const reads = async () => Number(/cmdstat_hgetall:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1]);
  return {
    async untilKept(url, apiKey) {
      await until('the replica answers from its near cache', async () => {
        const before = await reads();
        const { status } = await verify(url, apiKey);
        return status === 200 && (await reads()) === before;
      });
    },
    [Symbol.dispose]: () => redis.disconnect(),
  };
}

/** How a key came to be refused; in milliseconds since it was to be. */
interface Refused {
  /** When the last question was put that was answered 200; 0: none was. */
  readonly acceptedMs: number;
  /** When the first refusal had arrived. */
  readonly refusedMs: number;
}

/**
 * Ask a replica about a key again and again until it is refused; throws where it is accepted for longer than `PATIENCE_MS`.
 * @param since when it was to be, by `performance.now()`
 */
export async function untilRefused(url: string, apiKey: string, since: number): Promise<Refused> {
  for (let acceptedMs = 0; ; ) {
    const askedMs = performance.now() - since;
    const { status } = await verify(url, apiKey);
    if (status === 401) return { acceptedMs, refusedMs: performance.now() - since };
    if (status !== 200) throw new Error(`a verification is answered ${status}`);
    acceptedMs = askedMs;
    if (acceptedMs > PATIENCE_MS) throw new Error('the key is still accepted');
  }
}

/** For how long a key was accepted at worst, in milliseconds. */
export function worstOf(refused: readonly Refused[]): number {
  return Math.max(...refused.map(({ acceptedMs }) => acceptedMs));
}

/** When the first refusal had arrived, in the median and at worst, for people. */
export function inWords(refused: readonly Refused[]): string {
  const sorted = refused.map(({ refusedMs }) => refusedMs).toSorted((a, b) => a - b);
  const [median = Number.NaN, worst = Number.NaN] = [sorted[sorted.length >> 1], sorted.at(-1)];
  return `refused after ${median.toFixed(1)} ms in the median and ${worst.toFixed(1)} ms at worst`;
}
