import type { DirectoryConnections } from '../../adapters/ldap/connections.ts';
import type { LdapDirectoryOptions } from '../../adapters/ldap/ldap-directory.ts';
import { searchById } from '../../adapters/ldap/people/search-by-id.ts';
import type { Principal } from '../../ports/principal.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';

/** The same entry in two ways; each resolves when it is there. */
export interface TwoWays {
  readonly byId: () => Promise<unknown>;
  /** By its DN, which every server has an index for: what a look-up costs at the least. */
  readonly byDn: () => Promise<unknown>;
}

/** How often each is asked: the median of so few is steady, and a server is not burdened. */
const ROUNDS = 5;
/** A look-up with an index costs about what a read does; one without grows with the number of entries. */
const TIMES_SLOWER = 4;
/** Less than so much more, in milliseconds, is no reason to do anything. */
const UNNOTICED_MS = 5;

/** Time the look-up by immutable id, which every revalidation of a key makes, against a read by DN. */
export async function lookAtIdLookUp(
  connections: DirectoryConnections,
  options: LdapDirectoryOptions & { readonly preset: string },
  { dn, entryId }: Principal,
): Promise<Look<true>> {
  const { attributes, preset } = options;
  const byId = async () => {
    const found = await connections.search((client) => searchById(client, options, entryId));
    if (found.length !== 1) throw new Error(`${found.length} entries have that ${attributes.id}`);
  };
  const byDn = () =>
    connections.search((client) => client.search(dn, { scope: 'base', attributes: ['1.1'] }));
  try {
    return compareLookUps({ byId, byDn }, attributes.id, preset);
  } catch (failure) {
    return {
      status: 'failed',
      seen: `${attributes.id}: ${reasonOf(failure)}`,
      fix: 'idAttribute, idSyntax: an attribute that never changes, that no two entries share and that can be searched for (entryUUID, objectGUID with octets, nsUniqueId)',
    };
  }
}

/**
 * Ask in both ways by turns, and compare the medians.
 * @param now monotonic clock, in milliseconds
 */
export async function compareLookUps(
  { byId, byDn }: TwoWays,
  attribute: string,
  preset: string,
  now: () => number = () => performance.now(),
): Promise<Look<true>> {
  const timed = async (ask: () => Promise<unknown>) => {
    const begun = now();
    await ask();
    return now() - begun;
  };
  // The first of each pays for the connection and cold caches.
  await byDn();
  await byId();
  const ids: number[] = [];
  const dns: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    dns.push(await timed(byDn));
    ids.push(await timed(byId));
  }
  const [id, dn] = [median(ids), median(dns)];
  const seen = `by ${attribute}: ${id.toFixed(1)} ms; by DN, which is what an index gives: ${dn.toFixed(1)} ms`;
  return id > dn * TIMES_SLOWER && id - dn > UNNOTICED_MS
    ? { status: 'warning', seen, fix: indexFix(attribute, preset), value: true }
    : { status: 'ok', seen, value: true };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** The index to add. */
function indexFix(attribute: string, preset: string): string {
  if (preset === 'active-directory') {
    return `${attribute} is always indexed in Active Directory: look at the load of the server, or at the way there`;
  }
  if (preset === '389ds' || preset === 'freeipa') {
    return `add an index: dsconf INSTANCE backend index add --attr ${attribute} --index-type eq --reindex userRoot`;
  }
  if (preset === 'lldap') return `${attribute} cannot be indexed in lldap: look at the load of the server`;
  return `add an index: olcDbIndex: ${attribute} eq (slapd.conf: index ${attribute} eq, then slapindex)`;
}
