import type { Client, Entry } from 'ldapts';
import { attributeValues } from '../attribute-values.ts';

/** The attribute of a person's security identifier. */
export const SID = 'objectSid';

/**
 * The security identifiers of whoever a connection is bound as, their own and those of their groups, as Active
 * Directory's root DSE tells them ([MS-ADTS] 3.1.1.3.2, tokenGroups).
 * @throws {Error} where the directory is no Active Directory, so that nobody can tell who is bound
 */
export async function boundSids(client: Client): Promise<readonly Buffer[]> {
  const how = { attributes: ['tokenGroups'], explicitBufferAttributes: ['tokenGroups'] };
  const [rootDse] = (await client.search('', { ...how, scope: 'base' })).searchEntries;
  const sids = rootDse ? attributeValues(rootDse, 'tokenGroups').filter((one) => Buffer.isBuffer(one)) : [];
  if (sids.length > 0) return sids;
  throw new Error(
    'the directory does not say who is bound by a name that is no DN: set userDnTemplate (LDAP_USER_DN_TEMPLATE) to a DN',
  );
}

/** Whether an entry's own identifier is among these. */
export function hasSidOf(entry: Entry, sids: readonly Buffer[]): boolean {
  const [held] = attributeValues(entry, SID);
  // ldapts makes text of octets that could be text.
  const own = typeof held === 'string' ? Buffer.from(held) : held;
  return own !== undefined && sids.some((one) => one.equals(own));
}
