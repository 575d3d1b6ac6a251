import { isNativeError } from 'node:util/types';
import type { Log } from '../../ports/log.ts';

/** What it means that Redis takes no writes, by the word that its answer begins with. */
const REFUSALS = {
  OOM: 'Redis is full (OOM, maxmemory)',
  MISCONF: 'Redis cannot save and takes no writes (MISCONF)',
  NOREPLICAS: 'too few replicas follow, and Redis takes no writes (NOREPLICAS)',
} as const;
// Some versions put their own words before it where a script was refused.
const REFUSAL = /\b(OOM|MISCONF|NOREPLICAS) /;

/** So long without a refusal, in milliseconds, and the next is news. */
const NEWS_AFTER_MS = 60_000;

/** That Redis takes no writes, and why, where that is what has failed; `undefined`: it is something else. */
export function refusedWrite(failure: unknown): string | undefined {
  const word = isNativeError(failure) ? REFUSAL.exec(failure.message)?.[1] : undefined;
  return word === undefined ? undefined : REFUSALS[word as keyof typeof REFUSALS];
}

/**
 * Say loudly that Redis takes no writes, once for as long as it goes on; every request that fails by it has its own line.
 * Gives what is to be told of every command that has failed.
 */
export function reportRefusedWrites(log: Log): (failure: unknown) => void {
  let refusedAt = Number.NEGATIVE_INFINITY;
  return (failure) => {
    const what = refusedWrite(failure);
    if (what === undefined) return;
    const isNews = performance.now() - refusedAt >= NEWS_AFTER_MS;
    refusedAt = performance.now();
    if (!isNews) return;
    log.error(
      { err: failure },
      `${what}: sign-ins answer 503, and no key is regenerated; verifications go on`,
    );
  };
}
