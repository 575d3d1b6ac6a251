import type { Entry } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';
import { readGeneralizedTime } from '../people/generalized-time.ts';

const SECOND_MS = 1000;

/** When an entry last changed by its server's clock (`modifyTimestamp`), in milliseconds; `undefined`: it does not say. */
export function changedAt(entry: Entry): number | undefined {
  const [value] = attributeValues(entry, 'modifyTimestamp');
  return value === undefined ? undefined : readGeneralizedTime(value.toString());
}

/** A time in milliseconds since 1970 as a GeneralizedTime in whole seconds, the one that is not over. */
export function generalizedTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
}

/** The beginning of the second that a time is in. */
export function secondOf(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
