import type { Entry } from 'ldapts';
import { Unavailable } from '../../../errors.ts';
import type { Principal } from '../../../ports/principal.ts';
import { attributeValues } from '../attribute-values.ts';
import type { DisabledRules } from './disabled-rules.ts';

/** Which attributes of an entry say what about a person. */
export interface PersonAttributes {
  /** The immutable id. */
  readonly id: string;
  /** `text` for ids such as `entryUUID`, `octets` for `objectGUID`. */
  readonly idSyntax: 'text' | 'octets';
  readonly username: string;
  readonly email: string;
  readonly fullName: string;
  /** Which say that the account is disabled or has expired, and how. */
  readonly disabledBy: DisabledRules;
}

/** No name and no email is longer; what is would come to gateways as headers that they refuse, and counts as absent. */
const MAX_LENGTH = 256;

/** The attributes to ask for, each by name: a server gives operational ones, such as `entryUUID`, only then. */
export function requestedAttributes(attributes: PersonAttributes): string[] {
  const { id, username, email, fullName, disabledBy } = attributes;
  return [...new Set([id, username, email, fullName, ...Object.keys(disabledBy)])];
}

/**
 * The principal whom an entry describes.
 * @param emailDomain makes the email from the login name; `undefined`: the email attribute has it
 * @throws {Unavailable} where the id or the login name is missing or unreadable: a fault of the settings or
 * of the service account's rights, never the person's
 */
export function principalOf(
  directoryId: string,
  entry: Entry,
  attributes: PersonAttributes,
  emailDomain: string | undefined,
): Principal {
  const username = textValues(entry, attributes.username)[0];
  if (!username) throw lacks(attributes.username);
  const entryId = entryIdOf(entry, attributes);
  if (entryId === undefined) throw lacks(attributes.id);
  return {
    directoryId,
    entryId,
    dn: entry.dn,
    username,
    emails: emailDomain ? [`${username}@${emailDomain}`] : textValues(entry, attributes.email),
    fullName: textValues(entry, attributes.fullName)[0] ?? username,
    groups: [],
  };
}

/** The immutable id of an entry, as `Principal` has it; `undefined`: it has none that can be read. */
export function entryIdOf(
  entry: Entry,
  { id, idSyntax }: Pick<PersonAttributes, 'id' | 'idSyntax'>,
): string | undefined {
  const [held] = attributeValues(entry, id);
  // ldapts leaves octets that could be text as text where the server answers by another name.
  const isByAnother = entry[id] === undefined || entry[id].length === 0;
  const value = idSyntax === 'octets' && isByAnother && typeof held === 'string' ? Buffer.from(held) : held;
  const isOctets = Buffer.isBuffer(value);
  if (value === undefined || value.length === 0 || isOctets !== (idSyntax === 'octets')) return undefined;
  return isOctets ? value.toString('hex') : String(value).toLowerCase();
}

function textValues(entry: Entry, attribute: string): string[] {
  return attributeValues(entry, attribute)
    .map((value) => value.toString().trim())
    .filter((value) => value !== '' && value.length <= MAX_LENGTH);
}

function lacks(attribute: string): Unavailable {
  return new Unavailable('directory', `the entry that was found has no readable ${attribute}`);
}
