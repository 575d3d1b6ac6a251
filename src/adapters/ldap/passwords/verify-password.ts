import type { Directory } from '../../../ports/directory.ts';
import { answered } from '../answered.ts';
import type { DirectoryConnections } from '../connections.ts';
import { bindAsPerson, type PersonBindOptions } from './bind-as-person.ts';
import type { VerifyUnread } from './verify-unread.ts';

/** Make what asks a directory about a person's password. */
export function createVerifyPassword(
  connections: DirectoryConnections,
  options: PersonBindOptions,
  verifyUnread: VerifyUnread,
): Directory['verifyPassword'] {
  return async (person, password, signal) => {
    if (!('dn' in person)) return verifyUnread(person, password, signal);
    const refused = await answered('a bind', signal, () =>
      connections.bind((connection) => bindAsPerson(connection, person.dn, password, options), signal),
    );
    return refused ?? { principal: person };
  };
}
