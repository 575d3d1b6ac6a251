import type { Client, Entry } from 'ldapts';
import { matchId } from './match-id.ts';
import type { PersonAttributes } from './principal-of.ts';

/** What is needed to look an entry up by what never changes of it. */
export interface IdSearch {
  readonly userBase: string;
  readonly attributes: Pick<PersonAttributes, 'id' | 'idSyntax'>;
  /** The longest that the search may take, in milliseconds. */
  readonly operationTimeoutMs: number;
}

/**
 * Look the entry with an immutable id up, below the base; none of its attributes is asked for. Throws what
 * `ldapts` throws.
 * @param entryId as `Principal` has it
 */
export async function searchById(
  client: Client,
  { userBase, attributes, operationTimeoutMs }: IdSearch,
  entryId: string,
): Promise<readonly Entry[]> {
  const { searchEntries } = await client.search(userBase, {
    scope: 'sub',
    filter: matchId(attributes, entryId),
    attributes: ['1.1'],
    timeLimit: Math.ceil(operationTimeoutMs / 1000),
  });
  return searchEntries;
}
