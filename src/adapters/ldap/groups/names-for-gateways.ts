import type { Log } from '../../../ports/log.ts';
import type { Principal } from '../../../ports/principal.ts';
import type { Group, Memberships } from './group-look-up.ts';
import { createIsBelow } from './normal-dn.ts';

/** Whose groups gateways are told, and how many; `base` `undefined`: nobody's. */
export interface GroupNamesOptions {
  readonly base: string | undefined;
  readonly maxGroups: number;
  /** The longest list in the header `Remote-Groups`, percent-encoded and comma-joined. */
  readonly maxBytes: number;
}

/** The names of a person's groups that gateways are told, in an order that stays. */
export type NamesForGateways = (principal: Principal, memberships: Memberships) => readonly string[];

/**
 * Make the list of names. A name that two groups share says nothing sure and is left out, told to the log once;
 * a list that is not whole, or too long, is left out whole and told each time: a part of it would be a lie.
 */
export function createNamesForGateways(options: GroupNamesOptions, log: Log): NamesForGateways {
  const { base, maxGroups, maxBytes } = options;
  const isInBase = base === undefined ? undefined : createIsBelow(base);
  const toldShared = new Set<string>();

  const withoutShared = (directory: string, groups: readonly Group[]): string[] => {
    const byName = Map.groupBy(
      groups.flatMap(({ name }) => (name ? [name] : [])),
      (name) => name.normalize('NFC').toLowerCase(),
    );
    return [...byName].flatMap(([key, [name, another]]) => {
      if (another === undefined) return name === undefined ? [] : [name];
      if (!toldShared.has(key)) {
        toldShared.add(key);
        log.warn(
          { directory, group: name },
          'two groups share a name, which gateways are therefore not told',
        );
      }
      return [];
    });
  };

  return ({ directoryId: directory, entryId }, { groups, isWhole }) => {
    if (!isInBase) return [];
    const below = groups.filter(({ dn }) => isInBase(dn));
    if (!isWhole || below.length > maxGroups) {
      log.warn(
        { directory, entryId },
        'more groups than groups.maxGroups or maxDepth allow: gateways are told none',
      );
      return [];
    }
    const names = withoutShared(directory, below).sort();
    if (bytesOf(names) <= maxBytes) return names;
    log.warn({ directory, entryId }, 'a list of groups longer than groups.maxBytes: gateways are told none');
    return [];
  };
}

/** No less than the header has: this encodes more characters than the header does. */
function bytesOf(names: readonly string[]): number {
  return names.map((name) => encodeURIComponent(name.toWellFormed())).join(',').length;
}
