import { type Client, EqualityFilter, OrFilter } from 'ldapts';

/** What directories keep the names of people in. */
const NAME_ATTRIBUTES = ['uid', 'sAMAccountName', 'userPrincipalName', 'mail', 'cn'];

/**
 * Look for entries that carry a name in any attribute that names are kept in, whatever the user filter says: to
 * tell an operator whom the settings leave out. Gives at most three DNs. Throws what `ldapts` throws.
 * @param base where; the whole of a naming context, for those that the user base leaves out
 */
export async function searchByAnyName(client: Client, base: string, name: string): Promise<string[]> {
  const filters = NAME_ATTRIBUTES.map((attribute) => new EqualityFilter({ attribute, value: name }));
  const { searchEntries } = await client.search(base, {
    scope: 'sub',
    filter: new OrFilter({ filters }),
    attributes: ['1.1'],
    sizeLimit: 3,
  });
  return searchEntries.map(({ dn }) => dn);
}
