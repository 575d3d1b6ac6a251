import { type Entry, type Filter, NoSuchObjectError, SizeLimitExceededError } from 'ldapts';
import type { GroupScope, GroupSearch } from './group-look-up.ts';

/** What a search gave; not `isWhole`: there are more entries than the server gives. */
export interface Matches {
  readonly entries: readonly Entry[];
  readonly isWhole: boolean;
}

/**
 * Search for groups below the base and, each by a search of its own, among those outside of it that decide.
 * No size limit is sent, since `ldapts` then takes a cut answer for a whole one.
 */
export async function searchWithin(
  search: GroupSearch,
  { base, outside, nameAttribute }: GroupScope,
  filter: Filter,
  signal?: AbortSignal,
): Promise<Matches> {
  const how = { filter, attributes: [nameAttribute] };
  const [below, ...others] = await Promise.all([
    search(base, { ...how, scope: 'sub' }, signal).catch(cutAnswer),
    ...outside.map((dn) => search(dn, { ...how, scope: 'base' }, signal).catch(noSuchGroup)),
  ]);
  return { entries: [...(below ?? []), ...others.flat()], isWhole: below !== undefined };
}

/** What a search at the DN of a group gives where there is none; throws any other failure. */
export function noSuchGroup(failure: unknown): readonly Entry[] {
  if (failure instanceof NoSuchObjectError) return [];
  throw failure;
}

function cutAnswer(failure: unknown): undefined {
  if (failure instanceof SizeLimitExceededError) return undefined;
  throw failure;
}
