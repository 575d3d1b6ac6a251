import type { Entry } from 'ldapts';
import { attributeName } from '../attribute-name.ts';
import { attributeValues } from '../attribute-values.ts';
import type { Group } from './group-look-up.ts';
import { rdnValue } from './normal-dn.ts';

/**
 * The group that an entry is. Its name is the one in its DN where the DN is made of the name attribute: an
 * attribute of several values has no order.
 */
export function groupOf(entry: Entry, nameAttribute: string): Group {
  const name = rdnValue(entry.dn, nameAttribute) ?? attributeValues(entry, nameAttribute)[0]?.toString();
  return { dn: entry.dn, name };
}

/** Whether a server gave only the first of the values, as Active Directory does (MS-ADTS, 3.1.1.3.1.3.3). */
export function isCut(entry: Entry, attribute: string): boolean {
  const range = `${attributeName(attribute)};range=`;
  return Object.keys(entry).some((name) => attributeName(name).startsWith(range) && !name.endsWith('-*'));
}
