/** A person whom a directory has vouched for, as the directory's entry says it now. */
export interface Principal {
  /** The setting `id` of the directory that holds the entry. */
  readonly directoryId: string;
  /** The entry's immutable id (`entryUUID`, `objectGUID`, `nsUniqueId`): text as given, octets as lower-case hex. */
  readonly entryId: string;
  /** Distinguished name (RFC 4514): changes when the entry is moved or renamed, so it identifies nothing. */
  readonly dn: string;
  /** Login name, from the directory and never from what was typed. */
  readonly username: string;
  /** Every email of the entry, in the directory's order; may be empty. */
  readonly emails: readonly string[];
  readonly fullName: string;
  /** Names of the groups that gateways are told, nested ones included; empty until `Directory.admit` has read them. */
  readonly groups: readonly string[];
}
