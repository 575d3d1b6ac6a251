import { LRUCache } from 'lru-cache';
import { Unavailable } from '../errors.ts';
import type { Account } from '../ports/account-store.ts';
import type { Directory } from '../ports/directory.ts';
import type { Log } from '../ports/log.ts';
import { withinTime } from '../within-time.ts';
import type { Revalidate } from './revalidate.ts';

/** How far behind the directory an answer about a key may be; milliseconds since the last answered check. */
export interface Freshness {
  /** Older: the directory is asked in the background. */
  readonly revalidateAfterMs: number;
  /** Older: the directory is asked before the answer. */
  readonly maxStalenessMs: number;
  /** How long the answer waits for it. */
  readonly revalidateWithinMs: number;
  /** Older, and the directory does not answer: nobody can say any more whether the key is good. */
  readonly outageGraceMs: number;
}

/**
 * Gives the account as the directory has lately said that it is; `undefined`: its record is gone. At once, with no
 * promise, where nothing need be waited for. Rejects with `Unavailable` where the directory has not answered for longer
 * than `outageGraceMs`.
 */
export type Freshen = (account: Account) => Account | Promise<Account | undefined>;

/** What freshness rests on. */
export interface FreshenParts {
  readonly revalidate: Revalidate;
  readonly directory: Pick<Directory, 'isUp'>;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Clocks of replicas and store may differ by so much, in milliseconds; a check further in the future counts as none. */
const CLOCK_SKEW_MS = 5_000;
/** A check that was not answered is not repeated for so long, in milliseconds, lest every request wait for it. */
const PAUSE_MS = 1_000;
/** So many of them are remembered. */
const MAX_PAUSES = 10_000;

/** Ask about accounts in time, and no more often than `freshness` says. */
export function createFreshen(parts: FreshenParts, freshness: Freshness): Freshen {
  const pauses = new LRUCache<number, true>({ max: MAX_PAUSES, ttl: PAUSE_MS, ttlResolution: 0 });
  const ask = async (account: Account): Promise<Asked> => {
    try {
      return { account: await parts.revalidate(account) };
    } catch (failure) {
      pauses.set(account.id, true);
      if (!(failure instanceof Unavailable))
        parts.log.error({ err: failure, userId: account.id }, 'a revalidation failed');
      return 'unanswered';
    }
  };
  const late = () => new Error('late');
  const inTime = (asked: Promise<Asked>): Promise<Asked> =>
    withinTime(asked, freshness.revalidateWithinMs, late).catch(() => 'unanswered');
  const mayAsk = ({ id, directoryId }: Account): boolean =>
    parts.directory.isUp(directoryId) && !pauses.has(id);

  const askFirst = async (account: Account, age: number): Promise<Account | undefined> => {
    const asked = mayAsk(account) ? await inTime(ask(account)) : 'unanswered';
    if (asked !== 'unanswered') return asked.account;
    if (account.suspension || age <= freshness.outageGraceMs) return account;
    throw new Unavailable('directory', 'the directory has not answered for longer than keys.outageGrace');
  };
  return (account) => {
    const age = ageOf(account, parts.now());
    if (age <= freshness.revalidateAfterMs) return account;
    if (account.suspension || age > freshness.maxStalenessMs) return askFirst(account, age);
    if (mayAsk(account)) void ask(account);
    return account;
  };
}

/** What came of asking. */
type Asked = { readonly account: Account | undefined } | 'unanswered';

function ageOf({ check }: Account, now: number): number {
  const age = now - check.at;
  return age < -CLOCK_SKEW_MS ? Number.POSITIVE_INFINITY : age;
}
