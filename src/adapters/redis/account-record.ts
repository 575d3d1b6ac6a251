import type { Account, KeyMaterial, Owner } from '../../ports/account-store.ts';

/** The fields of an account's hash in Redis; numbers in decimal, lists as JSON. */
type Fields = Record<string, string | undefined>;

/** The record of an account as field, value, … */
export function accountFields(account: Account): (string | number)[] {
  const { directoryId, entryId, createdAt, owner, key } = account;
  return [
    'directory',
    directoryId,
    'entry',
    entryId,
    'created',
    createdAt,
    ...ownerFields(owner),
    ...keyFields(key),
  ];
}

/** What the directory said of the owner as field, value, … */
export function ownerFields(owner: Owner): string[] {
  const { username, email, emails, fullName, formerNames } = owner;
  return [
    ...['username', username, 'email', email, 'emails', JSON.stringify(emails)],
    ...['name', fullName, 'former', JSON.stringify(formerNames)],
  ];
}

/** What mints the key as field, value, … */
export function keyFields({ nonce, secretId, mintedAt }: KeyMaterial): (string | number)[] {
  return ['nonce', nonce, 'secret', secretId, 'minted', mintedAt];
}

/**
 * The account of a hash as Redis gives it; `undefined` where the hash is not there.
 * @throws {Error} where it is not one of our records: naming the field, never its value
 */
export function readAccount(id: number, fields: Fields): Account | undefined {
  if (Object.keys(fields).length === 0) return undefined;
  const text = (field: string) => fields[field] ?? malformed(id, field);
  const number = (field: string) => {
    const value = Number(text(field));
    return Number.isSafeInteger(value) ? value : malformed(id, field);
  };
  const list = (field: string) => parseList(text(field)) ?? malformed(id, field);
  return {
    id,
    directoryId: text('directory'),
    entryId: text('entry'),
    createdAt: number('created'),
    owner: {
      username: text('username'),
      email: text('email'),
      emails: list('emails'),
      fullName: text('name'),
      formerNames: list('former'),
    },
    key: { nonce: text('nonce'), secretId: text('secret'), mintedAt: number('minted') },
  };
}

function parseList(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

function malformed(id: number, field: string): never {
  throw new Error(`the record of account ${id} is malformed: field "${field}"`);
}
