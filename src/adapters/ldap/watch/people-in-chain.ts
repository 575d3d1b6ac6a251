import { type Entry, ExtensibleFilter } from 'ldapts';
import type { Log } from '../../../ports/log.ts';
import { attributeValues } from '../attribute-values.ts';
import { IN_CHAIN } from '../groups/by-in-chain.ts';
import { entryIdOf } from '../people/principal-of.ts';
import { entriesAt } from './entries-at.ts';
import { MAX_MEMBERS_AT_ONCE, type PeopleOptions } from './ids-of-members.ts';
import type { WatchSearch } from './watch-search.ts';

/** Gives the immutable ids of the entries at these DNs, and of all whom those that are groups hold. */
export type PeopleInChain = (
  context: string,
  dns: readonly string[],
  signal?: AbortSignal,
) => Promise<ReadonlySet<string>>;

const GROUP_TYPE = 'groupType';

/**
 * Make what goes down from groups to people on Active Directory, where one search for each group finds all of them.
 * Entries that are not there any more have no id that could be told.
 */
export function createPeopleInChain(
  { search, log }: { readonly search: WatchSearch; readonly log: Log },
  { id: directory, attributes }: PeopleOptions,
): PeopleInChain {
  const buffers = attributes.idSyntax === 'octets' ? [attributes.id] : [];
  const how = { attributes: [attributes.id, GROUP_TYPE], explicitBufferAttributes: buffers };
  return async (context, dns, signal) => {
    if (dns.length > MAX_MEMBERS_AT_ONCE) log.warn({ directory, members: dns.length }, TOO_MANY);
    const entries = await entriesAt(search, dns.slice(0, MAX_MEMBERS_AT_ONCE), how, signal);
    const ids = new Set<string>();
    const keep = (found: readonly Entry[]): boolean => {
      for (const entry of found) {
        const id = entryIdOf(entry, attributes);
        if (id !== undefined) ids.add(id);
      }
      if (ids.size <= MAX_MEMBERS_AT_ONCE) return true;
      log.warn({ directory, members: ids.size }, TOO_MANY);
      return false;
    };
    keep(entries);
    for (const { dn } of entries.filter((entry) => attributeValues(entry, GROUP_TYPE).length > 0)) {
      const filter = new ExtensibleFilter({ matchType: 'memberOf', rule: IN_CHAIN, value: dn });
      await search.pages(context, { ...how, scope: 'sub', filter }, { begin: () => {}, take: keep }, signal);
    }
    return ids;
  };
}

const TOO_MANY =
  'more people are in groups that changed than are looked at in one go: the others are rechecked when their keys are used';
