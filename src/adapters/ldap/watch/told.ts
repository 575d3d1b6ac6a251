import type { Entry } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';
import { changedAt } from './server-time.ts';

/** A change of an entry that has been told. */
interface Change {
  /** What every change of the entry makes another of. */
  readonly mark: string;
  /** When it was first seen, by a clock of our own, in milliseconds. */
  readonly seenAt: number;
  /** Whether no other change can have the same mark any more. */
  readonly isOver: boolean;
}

/** By the entry's DN. */
export type Told = ReadonlyMap<string, Change>;

/** Attributes by which a change is told from the next. */
export const MARK_ATTRIBUTES = ['modifyTimestamp', 'entryCSN'];

const SECOND_MS = 1000;

/** Which of the entries are to be told, and what has been told then: of these entries alone. */
export interface Untold {
  readonly entries: readonly Entry[];
  readonly told: Told;
}

/** When a search was made; milliseconds. */
export interface SearchTimes {
  /** When it was begun, and when it was over: by a clock of our own. */
  readonly asked: number;
  readonly answered: number;
  /** What the time surely was on the server when it was begun. */
  readonly there: number;
}

/**
 * Leave out what has been told. `entryCSN` (OpenLDAP) is another with every change. Where there is only
 * `modifyTimestamp`, whose seconds may see two changes, an entry is told once more when that second is over for sure.
 */
export function untold(
  entries: readonly Entry[],
  before: Told,
  { asked, answered, there }: SearchTimes,
): Untold {
  const told = new Map<string, Change>();
  const fresh = entries.filter((entry) => {
    const [csn] = attributeValues(entry, 'entryCSN');
    const mark = String(csn ?? attributeValues(entry, 'modifyTimestamp')[0]);
    const last = before.get(entry.dn);
    const isSame = last?.mark === mark;
    const seenAt = isSame ? last.seenAt : answered;
    const isPast = asked - seenAt > SECOND_MS || (changedAt(entry) ?? there) + SECOND_MS <= there;
    told.set(entry.dn, { mark, seenAt, isOver: csn !== undefined || isPast });
    return !(isSame && last.isOver);
  });
  return { entries: fresh, told };
}
