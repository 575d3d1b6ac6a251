import { Control, type Entry } from 'ldapts';
import { Unavailable } from '../../../errors.ts';
import type { Admitted, Directory, Rechecked } from '../../../ports/directory.ts';
import type { Principal } from '../../../ports/principal.ts';
import { createGate } from '../../gate.ts';
import { answered } from '../answered.ts';
import type { DirectoryConnections } from '../connections.ts';
import { createLookUpBatch, type LookUps } from './look-up-batch.ts';
import { entryIdOf } from './principal-of.ts';
import type { ReadPerson } from './read-person.ts';
import { createPeopleSearch, type PeopleSearch, type PeopleSearchOptions } from './search-people.ts';

/** Admits as `Directory.admit` does, and calls `heard` with the name of each server that answers. */
export type AdmitAgain = (
  principal: Principal,
  heard: (server: string) => void,
  signal?: AbortSignal,
) => Promise<Admitted>;

/** What rechecks rest on. */
export interface RecheckParts {
  readonly connections: DirectoryConnections;
  readonly readPerson: ReadPerson;
  readonly admit: AdmitAgain;
}

/** What a server says of an id; `entry` `undefined`: there is nobody whom `find` could find. */
interface Seen {
  readonly entry: Entry | undefined;
  readonly server: string;
}

/** Servers bound a filter's parts, and a message's bytes. */
const BATCH = { windowMs: 3, maxSize: 50 };

/** So many searches about one person each at once: nobody waits at a screen for them. */
const ONE_BY_ONE = {
  size: 8,
  maxWaiting: 10_000,
  maxWaitMs: undefined,
  awaited: 'their turn to be rechecked',
};

/**
 * LDAP_SERVER_DOMAIN_SCOPE_OID (MS-ADTS, 3.1.1.3.4.1): no references to the other parts of the forest, which Active
 * Directory gives with every search below the top of a domain.
 */
const DOMAIN_SCOPE = new Control('1.2.840.113556.1.4.1339');

/**
 * Make what rechecks people by asking as the service account. Nobody counts as gone but by a search for them alone that
 * was answered in full: where the base is not there, a limit was reached or a part of the tree is on other servers,
 * the directory did not answer.
 * @throws {Error} where the filter or the template is unusable
 */
export function createRecheckPeople(
  { connections, readPerson, admit }: RecheckParts,
  options: PeopleSearchOptions,
): Directory['recheck'] {
  const people = createPeopleSearch(options);
  const gate = createGate(ONE_BY_ONE);
  const { together, alone } = createLookUps(connections, people, options);
  const lookUp = createLookUpBatch({ together, alone: (id) => gate(() => alone(id)) }, BATCH);

  const readGroups = async (principal: Principal, server: string, signal?: AbortSignal) => {
    let last = server;
    const heard = (another: string) => {
      last = another;
    };
    const admitted = await gate(() => admit(principal, heard, signal), signal);
    return 'refusal' in admitted ? { out: admitted.refusal, server: last } : { ...admitted, server: last };
  };
  const recheck = async (entryId: string, signal?: AbortSignal): Promise<Rechecked> => {
    const { entry, server } = await lookUp(entryId, signal);
    if (!entry) return { out: 'not-found', server };
    const { principal, isDisabled } = readPerson(entry);
    if (principal.entryId !== entryId) throw new Unavailable('directory', 'another entry was found by an id');
    if (isDisabled) return { out: 'account-disabled', server };
    if (people.bindNames?.isOne(entry.dn) === false) return { out: 'not-found', server };
    return readGroups(principal, server, signal);
  };
  return ({ entryId }, signal) => answered('a look-up by id', signal, () => recheck(entryId, signal));
}

function createLookUps(
  connections: DirectoryConnections,
  people: PeopleSearch,
  { attributes }: PeopleSearchOptions,
): LookUps<Seen> {
  const search = (ids: readonly string[], control?: Control) =>
    connections.search(async (client, { name, supports }) => {
      const known = control && (await supports(control.type)) ? control : undefined;
      return { ...(await people.byIds(client, ids, known)), server: name };
    });
  return {
    async together(ids) {
      const { entries, server } = await search(ids);
      const byId = Map.groupBy(entries, (entry) => entryIdOf(entry, attributes));
      return new Map(
        ids.flatMap((id) => {
          const [entry, another] = byId.get(id) ?? [];
          return entry && !another ? [[id, { entry, server }]] : [];
        }),
      );
    },
    async alone(id) {
      const { entries, isWhole, server } = await search([id], DOMAIN_SCOPE);
      const [entry, another] = entries;
      if (another) throw new Unavailable('directory', `two entries have the same ${attributes.id}`);
      if (!entry && !isWhole) {
        throw new Unavailable(
          'directory',
          'somebody who was not found may be on a server that was referred to',
        );
      }
      return { entry, server };
    },
  };
}
