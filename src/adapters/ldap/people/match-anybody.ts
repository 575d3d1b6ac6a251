import { AndFilter, EqualityFilter, type Filter, NotFilter, OrFilter, PresenceFilter } from 'ldapts';
import type { UserFilter } from './user-filter.ts';

/** No username that may be searched for: it has control characters. */
const PROBE = '\0anybody\0';

/** The user filter for everybody at once: where the username would stand, any value will do. */
export function matchAnybody(filterFor: UserFilter): Filter {
  return widen(filterFor(PROBE));
}

function widen(filter: Filter): Filter {
  if (filter instanceof AndFilter) return new AndFilter({ filters: filter.filters.map(widen) });
  if (filter instanceof OrFilter) return new OrFilter({ filters: filter.filters.map(widen) });
  if (filter instanceof NotFilter) return new NotFilter({ filter: widen(filter.filter) });
  const isUsername = filter instanceof EqualityFilter && filter.value.includes(PROBE);
  return isUsername ? new PresenceFilter({ attribute: filter.attribute }) : filter;
}
