import { readFileSync } from 'node:fs';
import { AndFilter, type ClientOptions, EqualityFilter, OrFilter, type SearchOptions } from 'ldapts';

/** How a directory is reached, and below which DN its people are. As JSON it goes to other processes. */
export interface LdapAccess {
  readonly url: string;
  /** The certificate of the CA (PEM) of an `ldaps://` URL. */
  readonly caFile: string | undefined;
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly userBase: string;
}

/** The attributes that the service asks for. */
export const PERSON_ATTRIBUTES = ['entryUUID', 'uid', 'mail', 'cn'];

/** What an ldapts client needs to be told. */
export function clientOptions({ url, caFile }: LdapAccess): ClientOptions {
  return caFile === undefined ? { url } : { url, tlsOptions: { ca: readFileSync(caFile) } };
}

/** The search for one person as the service makes it, by the default userFilter. */
export function personSearch(username: string): SearchOptions {
  const equals = (attribute: string, value: string) => new EqualityFilter({ attribute, value });
  const named = new OrFilter({ filters: [equals('uid', username), equals('mail', username)] });
  const filter = new AndFilter({ filters: [equals('objectClass', 'person'), named] });
  return { scope: 'sub', filter, sizeLimit: 2, attributes: PERSON_ATTRIBUTES };
}
