import type { Entry } from 'ldapts';

/**
 * The values of an entry's attribute; none where it has none. Names of attributes have no case (RFC 4512, 2.5), and a
 * server may answer in another than it was asked in.
 */
export function attributeValues(entry: Entry, attribute: string): readonly (string | Buffer)[] {
  const wanted = attribute.toLowerCase();
  const key = Object.keys(entry).find((name) => name.toLowerCase() === wanted);
  const held = key === undefined ? [] : entry[key];
  return held === undefined ? [] : Array.isArray(held) ? held : [held];
}
