import type { Account, KeyMaterial, Owner } from '../../ports/account-store.ts';

/**
 * An account's hash in Redis. Few fields, since every verification reads them all: what never changes, what
 * the directory says, and what mints the key.
 */
interface Fields {
  /** JSON of directory id, entry id, and when the record was made. */
  readonly identity?: string;
  /** JSON of `Owner`. */
  readonly owner?: string;
  /** Nonce, secret id and time of minting, with a space between: a script compares how it begins. */
  readonly key?: string;
}

/** The record of an account as field, value, … */
export function accountFields({ directoryId, entryId, createdAt, owner, key }: Account): string[] {
  const identity = JSON.stringify([directoryId, entryId, createdAt]);
  return ['identity', identity, 'owner', ownerField(owner), 'key', keyField(key)];
}

/** The field `owner`. */
export function ownerField(owner: Owner): string {
  const { username, email, emailIsShared, emails, fullName, groups, formerNames } = owner;
  return JSON.stringify({ username, email, emailIsShared, emails, fullName, groups, formerNames });
}

/** The field `key`. */
export function keyField({ nonce, secretId, mintedAt }: KeyMaterial): string {
  return `${nonce} ${secretId} ${mintedAt}`;
}

/**
 * The account of a hash as Redis gives it; `undefined` where the hash is not there.
 * @throws {Error} where it is not one of our records: naming the field, never its value
 */
export function readAccount(id: number, fields: Fields): Account | undefined {
  if (Object.keys(fields).length === 0) return undefined;
  const [directoryId, entryId, createdAt] = readIdentity(fields.identity) ?? malformed(id, 'identity');
  const owner = readOwner(fields.owner) ?? malformed(id, 'owner');
  const key = readKey(fields.key) ?? malformed(id, 'key');
  return { id, directoryId, entryId, createdAt, owner, key };
}

function readIdentity(text: string | undefined): [string, string, number] | undefined {
  const value = parse(text);
  if (!Array.isArray(value)) return undefined;
  const [directoryId, entryId, createdAt] = value;
  const isSound = isText(directoryId) && isText(entryId) && Number.isSafeInteger(createdAt);
  return isSound ? [directoryId, entryId, createdAt] : undefined;
}

function readOwner(text: string | undefined): Owner | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { username, email, emailIsShared, emails, fullName, groups, formerNames } = value as Partial<
    Record<keyof Owner, unknown>
  >;
  const isSound =
    isText(username) &&
    isText(email) &&
    isText(fullName) &&
    (emailIsShared === undefined || emailIsShared === true) &&
    isList(emails) &&
    isList(groups) &&
    isList(formerNames);
  if (!isSound) return undefined;
  const owner = { username, email, emails, fullName, groups, formerNames };
  return emailIsShared ? { ...owner, emailIsShared } : owner;
}

function readKey(text: string | undefined): KeyMaterial | undefined {
  const [, nonce, secretId, mintedAt] = /^([0-9a-f]{32}) ([0-9a-f]{8}) (\d+)$/.exec(text ?? '') ?? [];
  return nonce && secretId ? { nonce, secretId, mintedAt: Number(mintedAt) } : undefined;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function malformed(id: number, field: string): never {
  throw new Error(`the record of account ${id} is malformed: field "${field}"`);
}
