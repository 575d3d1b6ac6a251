import type { Entry } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';

/** The first value of an attribute as text; `undefined` where the entry has none, or an empty one. */
export function firstValue(entry: Entry, attribute: string): string | undefined {
  return attributeValues(entry, attribute)[0]?.toString() || undefined;
}
