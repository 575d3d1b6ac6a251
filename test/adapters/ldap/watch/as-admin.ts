import { Attribute, Change, Client } from 'ldapts';

/** A server, and who may change everything there. */
type Server = { readonly url: string; readonly adminDn: string; readonly adminPassword: string };

/** Changes a directory as its administrator. */
export type Admin = AsyncDisposable & {
  readonly client: Client;
  change(
    dn: string,
    operation: 'add' | 'delete' | 'replace',
    type: string,
    ...values: string[]
  ): Promise<void>;
  /** The immutable id of an entry, as `Principal` has it. */
  idOf(dn: string, attribute: string): Promise<string>;
};

/** Opens a connection of the administrator's. */
export async function asAdmin(server: Server): Promise<Admin> {
  const client = new Client({ url: server.url, timeout: 30_000 });
  await client.bind(server.adminDn, server.adminPassword);
  return {
    client,
    change: (dn, operation, type, ...values) =>
      client.modify(dn, new Change({ operation, modification: new Attribute({ type, values }) })),
    async idOf(dn, attribute) {
      const how = {
        attributes: [attribute],
        explicitBufferAttributes: attribute === 'objectGUID' ? [attribute] : [],
      };
      const value = (await client.search(dn, { ...how, scope: 'base' })).searchEntries[0]?.[attribute];
      if (Buffer.isBuffer(value)) return value.toString('hex');
      if (typeof value !== 'string') throw new Error(`${dn} has no ${attribute}`);
      return value.toLowerCase();
    },
    [Symbol.asyncDispose]: () => client.unbind(),
  };
}
