import {
  AndFilter,
  ApproximateFilter,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
} from 'ldapts';

const COMPARING = [
  ApproximateFilter,
  EqualityFilter,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  PresenceFilter,
  SubstringFilter,
];

/** The attributes that a filter looks at, as it writes them. */
export function filterAttributes(filter: Filter): readonly string[] {
  if (filter instanceof AndFilter || filter instanceof OrFilter)
    return filter.filters.flatMap(filterAttributes);
  if (filter instanceof NotFilter) return filterAttributes(filter.filter);
  if (filter instanceof ExtensibleFilter) return filter.matchType === '' ? [] : [filter.matchType];
  const isComparing = (one: Filter): one is PresenceFilter => COMPARING.some((kind) => one instanceof kind);
  return isComparing(filter) ? [filter.attribute] : [];
}
