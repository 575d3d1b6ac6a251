import { isBelow } from '../groups/normal-dn.ts';
import type { WatchedGroups } from './watched-groups.ts';
import type { NamingContextOf } from './watched-places.ts';

/**
 * Make what tells where to look for changes: in the naming context, or, where that cannot be read, in the user base and
 * where groups are. Throws what the search for the context throws.
 */
export function createBasesOf(
  namingContextOf: NamingContextOf,
  userBase: string,
  groups: WatchedGroups | undefined,
): (signal?: AbortSignal) => Promise<readonly string[]> {
  const places = [userBase, ...(groups ? [groups.places.base, ...groups.places.outside] : [])];
  return async (signal) => {
    const context = await namingContextOf(signal);
    const all = context === undefined ? places : [context, ...places];
    return all.filter(
      (base, at) => !all.some((other, place) => place !== at && isAbove(other, base, place < at)),
    );
  };
}

/** Whether one base has all of another; of two that are the same, the `first` has. */
function isAbove(one: string, other: string, first: boolean): boolean {
  return isBelow(other, one) && (first || !isBelow(one, other));
}
