import type { Entry } from 'ldapts';
import { attributeName } from './attribute-name.ts';

/**
 * The values of an entry's attribute; none where it has none. A server may answer by another name than it was asked by,
 * and `ldapts` then puts an empty list under the one that was asked.
 */
export function attributeValues(entry: Entry, attribute: string): readonly (string | Buffer)[] {
  const wanted = attributeName(attribute);
  const keys = Object.keys(entry).filter((name) => attributeName(name) === wanted);
  return keys.flatMap((key) => entry[key] ?? []);
}
