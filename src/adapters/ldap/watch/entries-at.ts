import { type Entry, InsufficientAccessError, InvalidDNSyntaxError, NoSuchObjectError } from 'ldapts';
import type { WatchSearch } from './watch-search.ts';

/** So many reads are under way at a time. */
const AT_ONCE = 50;

/**
 * Read entries by their DNs, each by a search of its own that no index is needed for; those that are not there, or may
 * not be read, are left out. Throws what the search throws otherwise.
 */
export async function entriesAt(
  search: WatchSearch,
  dns: readonly string[],
  how: { readonly attributes: string[]; readonly explicitBufferAttributes: string[] },
  signal?: AbortSignal,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let at = 0; at < dns.length; at += AT_ONCE) {
    const reads = dns
      .slice(at, at + AT_ONCE)
      .map((dn) => search.all(dn, { ...how, scope: 'base' }, signal).catch(noneIfAbsent));
    entries.push(...(await Promise.all(reads)).flat());
  }
  return entries;
}

function noneIfAbsent(failure: unknown): readonly Entry[] {
  const isAbsent =
    failure instanceof NoSuchObjectError ||
    failure instanceof InsufficientAccessError ||
    failure instanceof InvalidDNSyntaxError;
  if (isAbsent) return [];
  throw failure;
}
