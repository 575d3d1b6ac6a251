import type { Client } from 'ldapts';
import type { UnreadPerson, Verified } from '../../../ports/directory.ts';
import { answered } from '../answered.ts';
import type { DirectoryConnections } from '../connections.ts';
import type { ReadPerson } from '../people/read-person.ts';
import { createPeopleSearch, type PeopleSearchOptions } from '../people/search-people.ts';
import { bindAsPerson, type PersonBindOptions } from './bind-as-person.ts';
import { boundSids, hasSidOf, SID } from './bound-sids.ts';

/** Asks about the password of somebody whose entry only they may read, and reads it as them. */
export type VerifyUnread = (
  person: UnreadPerson,
  password: string,
  signal?: AbortSignal,
) => Promise<Verified>;

/**
 * Make what verifies people without a service account: one bind as the person, and on the same connection, still
 * bound as them, the one search that `find` could not make. Who is outside the base or the filter is refused as
 * `not-permitted`, and so is who may not read their own entry.
 *
 * The connection is kept: whoever borrows it next binds before anything else, and a bind ends the session before
 * it, be it refused or not (RFC 4511, 4.2.1).
 * @throws {Error} where the filter or the template is unusable
 */
export function createVerifyUnread(
  connections: DirectoryConnections,
  options: PeopleSearchOptions & PersonBindOptions,
  readPerson: ReadPerson,
): VerifyUnread {
  const people = createPeopleSearch(options);
  const readAs = async (client: Client, { username }: UnreadPerson): Promise<Verified> => {
    // Active Directory may have bound somebody else by that name than the filter finds.
    const sids = people.bindNames?.areDns ? undefined : await boundSids(client);
    const [entry, another] = await people.byLogin(client, username, [SID]);
    if (another) return { refusal: 'ambiguous' };
    if (!entry || (sids && !hasSidOf(entry, sids))) return { refusal: 'not-permitted' };
    return readPerson(entry);
  };
  return (person, password, signal) =>
    answered('a bind and a look at the entry', signal, () =>
      connections.bind(async (connection) => {
        const refused = await bindAsPerson(connection, person.bindName, password, options);
        return refused ?? readAs(connection.client, person);
      }, signal),
    );
}
