import { AndFilter, EqualityFilter, type Filter, FilterParser, NotFilter, OrFilter } from 'ldapts';

const PLACEHOLDER = '{username}';

/** Makes the search filter for one username. */
export type UserFilter = (username: string) => Filter;

/**
 * Read a filter (RFC 4515) in which `{username}` stands for the username, or a part of a value, of equality
 * matches. The filter is parsed once and the username put into the parsed tree as bytes: no filter text is
 * ever made from what a person typed, so nothing in it can mean anything to the parser. Bytes also because
 * ldapts encodes escaped text beyond ASCII wrongly.
 * @throws {Error} where the text is no filter or has no `{username}` in an equality match
 */
export function parseUserFilter(text: string): UserFilter {
  const template = parse(text);
  let places = 0;
  const fill = (filter: Filter, username: string): Filter => {
    if (filter instanceof AndFilter || filter instanceof OrFilter) {
      const filters = filter.filters.map((part) => fill(part, username));
      return filter instanceof AndFilter ? new AndFilter({ filters }) : new OrFilter({ filters });
    }
    if (filter instanceof NotFilter) return new NotFilter({ filter: fill(filter.filter, username) });
    if (!(filter instanceof EqualityFilter) || !String(filter.value).includes(PLACEHOLDER)) return filter;
    places += String(filter.value).split(PLACEHOLDER).length - 1;
    const value = String(filter.value).replaceAll(PLACEHOLDER, () => username);
    return new EqualityFilter({ attribute: filter.attribute, value: Buffer.from(value) });
  };
  fill(template, '');
  if (places === 0 || places < text.split(PLACEHOLDER).length - 1) {
    throw fault('{username} must stand in an equality match, such as (uid={username}), and only there');
  }
  return (username) => fill(template, username);
}

function parse(text: string): Filter {
  try {
    // The parser forgives brackets that are not closed.
    if (text.split('(').length !== text.split(')').length) throw new Error('unbalanced parentheses');
    // It takes each escaped byte for a character of its own: bytes beyond ASCII are put together before.
    const plain = text.replace(/(?:\\[89a-f][0-9a-f])+/gi, (bytes) =>
      Buffer.from(bytes.replaceAll('\\', ''), 'hex').toString(),
    );
    return FilterParser.parseString(plain);
  } catch (cause) {
    throw fault('not a filter; write one such as (uid={username})', cause);
  }
}

function fault(message: string, cause?: unknown): Error {
  return new Error(`userFilter (LDAP_USER_FILTER): ${message}`, { cause });
}
