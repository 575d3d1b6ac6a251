import {
  AdminLimitExceededError,
  AndFilter,
  type Entry,
  type Filter,
  GreaterThanEqualsFilter,
  NotFilter,
  type SearchOptions,
  SizeLimitExceededError,
  TimeLimitExceededError,
} from 'ldapts';
import { Unavailable } from '../../../errors.ts';
import { generalizedTime, secondOf } from './server-time.ts';
import type { WatchSearch } from './watch-search.ts';

/** What changed; not `isWhole`: more than the server gives in one answer, and a part of it is left out. */
export interface Changed {
  readonly entries: readonly Entry[];
  readonly isWhole: boolean;
}

/** Where and when to look. */
export interface Since {
  readonly base: string;
  /** Milliseconds by the server's clock; the second that it is in is looked at from its beginning. */
  readonly from: number;
  /** About what the time is there: after it nothing much is to be found. */
  readonly now: number;
}

const ATTRIBUTE = 'modifyTimestamp';
/** With a size limit `ldapts` gives what came before the server cut it off. */
const WHAT_CAME = 0x7fff_ffff;
const MAX_SEARCHES = 64;

/**
 * Search for what changed since a time. Where that is more than the server gives, the time is halved and each half
 * searched, down to a second of which there is nothing but what came. Throws what the search throws.
 * @throws {Unavailable} it takes the server too long, which an index would mend
 */
export async function changedSince(
  search: WatchSearch,
  { base, from, now }: Since,
  how: SearchOptions,
  signal?: AbortSignal,
): Promise<Changed> {
  let left = MAX_SEARCHES;
  const between = async (start: number, end: number | undefined): Promise<Changed> => {
    const asked: SearchOptions = { ...how, scope: 'sub', filter: within(start, end) };
    left -= 1;
    try {
      return { entries: await search.all(base, asked, signal), isWhole: true };
    } catch (failure) {
      if (isTooSlow(failure)) throw new Unavailable('directory', NO_INDEX, failure);
      if (!(failure instanceof SizeLimitExceededError)) throw failure;
    }
    const middle = secondOf((start + (end ?? now + 1000)) / 2);
    if (middle <= start || left <= 0) {
      return { entries: await search.all(base, { ...asked, sizeLimit: WHAT_CAME }, signal), isWhole: false };
    }
    const [early, late] = [await between(start, middle), await between(middle, end)];
    return { entries: [...early.entries, ...late.entries], isWhole: early.isWhole && late.isWhole };
  };
  return between(secondOf(from), undefined);
}

const NO_INDEX =
  'the directory takes too long to find what changed: index modifyTimestamp there, or set watch to none';

function isTooSlow(failure: unknown): boolean {
  return failure instanceof TimeLimitExceededError || failure instanceof AdminLimitExceededError;
}

/** From the beginning of one second to that of another, which is not in it. */
function within(start: number, end: number | undefined): Filter {
  const since = (ms: number) =>
    new GreaterThanEqualsFilter({ attribute: ATTRIBUTE, value: generalizedTime(ms) });
  if (end === undefined) return since(start);
  return new AndFilter({ filters: [since(start), new NotFilter({ filter: since(end) })] });
}
