import type {
  Account,
  Check,
  KeyMaterial,
  LeaverReason,
  Owner,
  Suspension,
} from '../../ports/account-store.ts';

/**
 * An account's hash in Redis. Few fields, since every verification reads them all: what never changes, what
 * the directory says, what mints the key, and, where there is something to say, what stands against it. Parts of a
 * field have a space between, since scripts take them apart.
 */
export interface AccountFields {
  /** JSON of directory id, entry id, and when the record was made. */
  readonly identity?: string;
  /** JSON of `Owner`. */
  readonly owner?: string;
  /** Nonce, secret id and time of minting; not there: revoked. */
  readonly key?: string;
  /** Time and server of the last answered check. */
  readonly check?: string;
  /** Time, reason and server of the directory's suspension. */
  readonly suspension?: string;
  /** Time of an operator's suspension. */
  readonly stopped?: string;
  /** The mark of the last change, while replicas have not acknowledged it. */
  readonly pending?: string;
}

/** What is written of a new account, as field, value, … All but `check`, which is written by Redis' clock. */
export function accountFields({ directoryId, entryId, createdAt, owner, key }: Account): string[] {
  const identity = JSON.stringify([directoryId, entryId, createdAt]);
  return ['identity', identity, 'owner', ownerField(owner), ...(key ? ['key', keyField(key)] : [])];
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
export function readAccount(id: number, fields: AccountFields): Account | undefined {
  if (Object.keys(fields).length === 0) return undefined;
  const [directoryId, entryId, createdAt] = readIdentity(fields.identity) ?? malformed(id, 'identity');
  const { key: minted, suspension: out, stopped, pending } = fields;
  const suspension = out === undefined ? undefined : (readSuspension(out) ?? malformed(id, 'suspension'));
  const stoppedAt = stopped === undefined ? undefined : (readTime(stopped) ?? malformed(id, 'stopped'));
  return {
    ...{ id, directoryId, entryId, createdAt },
    owner: readOwner(fields.owner) ?? malformed(id, 'owner'),
    key: minted === undefined ? undefined : (readKey(minted) ?? malformed(id, 'key')),
    check: readCheck(fields.check) ?? malformed(id, 'check'),
    ...(suspension && { suspension }),
    ...(stoppedAt !== undefined && { suspendedByOperatorAt: stoppedAt }),
    ...(pending !== undefined && { isUnacknowledged: true }),
  };
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

function readKey(text: string): KeyMaterial | undefined {
  const [, nonce, secretId, mintedAt] = /^([0-9a-f]{32}) ([0-9a-f]{8}) (\d+)$/.exec(text) ?? [];
  return nonce && secretId ? { nonce, secretId, mintedAt: Number(mintedAt) } : undefined;
}

/** Where there is none, nobody may rely on any. */
function readCheck(text = '0 '): Check | undefined {
  const [, at, server] = /^(\d+) (.*)$/s.exec(text) ?? [];
  return at !== undefined && server !== undefined ? { at: Number(at), server } : undefined;
}

const REASONS: ReadonlySet<string> = new Set<LeaverReason>([
  'not-found',
  'account-disabled',
  'not-permitted',
  'shared-email',
  'no-email',
]);

function readSuspension(text: string): Suspension | undefined {
  const [, at, reason, server] = /^(\d+) (\S+) (.*)$/s.exec(text) ?? [];
  if (at === undefined || server === undefined || !isReason(reason)) return undefined;
  return { at: Number(at), reason, server };
}

function isReason(text: string | undefined): text is LeaverReason {
  return text !== undefined && REASONS.has(text);
}

function readTime(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
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
