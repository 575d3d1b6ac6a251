import type { Filter } from 'ldapts';
import { attributeName } from '../attribute-name.ts';
import { type GroupOptions, type GroupPlaces, groupPlaces } from '../groups/group-options.ts';
import { createIsBelow, normalDn, suffixOf } from '../groups/normal-dn.ts';
import { filterAttributes } from './filter-attributes.ts';

/** Which groups are watched. */
export interface WatchedGroups {
  readonly places: GroupPlaces;
  /** How far they may be nested. */
  readonly maxDepth: number;
  /** Whether a change of the entry with this DN may be one of a group that is looked at; `false` where it is no DN. */
  readonly isWatched: (dn: string) => boolean;
}

/** What of the settings says which. */
export interface WatchedGroupsOptions {
  readonly userBase: string;
  readonly groups?: GroupOptions;
}

const MAX_DEPTH = 10;

/**
 * Read the settings: groups are watched where they decide or gateways are told of them, or where the user filter asks
 * for `memberOf`. `undefined`: none are.
 * @param everybody the user filter, whoever is looked for
 * @throws {Error} where a DN of the settings is none
 */
export function watchedGroups(
  { userBase, groups }: WatchedGroupsOptions,
  everybody: Filter,
): WatchedGroups | undefined {
  const places = groups && groupPlaces(groups, userBase);
  const byFilter = filterAttributes(everybody).some((name) => attributeName(name) === 'memberof');
  if (!places && !byFilter) return undefined;
  const suffix = suffixOf(userBase) ?? userBase;
  const base = byFilter ? suffix : (places?.base ?? suffix);
  const outside = places?.outside ?? [];
  const isInBase = createIsBelow(base);
  return {
    places: { required: undefined, denied: [], ...places, base, outside },
    maxDepth: groups?.maxDepth ?? MAX_DEPTH,
    isWatched(dn) {
      try {
        return isInBase(dn) || outside.includes(normalDn(dn));
      } catch {
        return false;
      }
    },
  };
}
