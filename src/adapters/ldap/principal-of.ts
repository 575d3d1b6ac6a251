import type { Entry } from 'ldapts';
import { Unavailable } from '../../errors.ts';
import type { Principal } from '../../ports/principal.ts';

/** Which attributes of an entry say what about a person. */
export interface PersonAttributes {
  /** The immutable id. */
  readonly id: string;
  /** `text` for ids such as `entryUUID`, `octets` for `objectGUID`. */
  readonly idSyntax: 'text' | 'octets';
  readonly username: string;
  readonly email: string;
  readonly fullName: string;
}

/** The attributes to ask for, each by name: a server gives operational ones, such as `entryUUID`, only then. */
export function requestedAttributes({ id, username, email, fullName }: PersonAttributes): string[] {
  return [...new Set([id, username, email, fullName])];
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
  return {
    directoryId,
    entryId: entryId(entry, attributes),
    dn: entry.dn,
    username,
    emails: emailDomain ? [`${username}@${emailDomain}`] : textValues(entry, attributes.email),
    fullName: textValues(entry, attributes.fullName)[0] ?? username,
  };
}

function entryId(entry: Entry, { id, idSyntax }: PersonAttributes): string {
  const [held] = values(entry, id);
  // ldapts leaves octets that could be text as text where the server writes the name in another case.
  const value =
    idSyntax === 'octets' && !(id in entry) && typeof held === 'string' ? Buffer.from(held) : held;
  const isOctets = Buffer.isBuffer(value);
  if (value === undefined || value.length === 0 || isOctets !== (idSyntax === 'octets')) throw lacks(id);
  return isOctets ? value.toString('hex') : String(value).toLowerCase();
}

function textValues(entry: Entry, attribute: string): string[] {
  return values(entry, attribute)
    .map((value) => value.toString().trim())
    .filter((value) => value !== '');
}

/** Attribute names have no case (RFC 4512, 2.5), and a server may answer in another than it was asked in. */
function values(entry: Entry, attribute: string): (string | Buffer)[] {
  const wanted = attribute.toLowerCase();
  const key = Object.keys(entry).find((name) => name.toLowerCase() === wanted);
  const held = key === undefined ? [] : entry[key];
  return held === undefined ? [] : Array.isArray(held) ? held : [held];
}

function lacks(attribute: string): Unavailable {
  return new Unavailable('directory', `the entry that was found has no readable ${attribute}`);
}
