import { EqualityFilter, type Filter } from 'ldapts';
import type { PersonAttributes } from './principal-of.ts';

/** Matches the entry with an immutable id as `Principal` has it: by its bytes, which no filter text could carry. */
export function matchId(
  { id, idSyntax }: Pick<PersonAttributes, 'id' | 'idSyntax'>,
  entryId: string,
): Filter {
  const value = Buffer.from(entryId, idSyntax === 'octets' ? 'hex' : 'utf8');
  return new EqualityFilter({ attribute: id, value });
}
