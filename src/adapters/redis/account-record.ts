import type { Account, Check, KeyMaterial, LeaverReason, Suspension } from '../../ports/account-store.ts';
import { readOwner } from './owner-record.ts';

/**
 * An account's hash in Redis: what never changes, what the directory says, what mints the key, and, where there is
 * something to say, what stands against it. Parts of a field have a space between, since scripts take them apart.
 *
 * Redis keeps a hash in one piece of memory as long as no value in it has more than 64 bytes
 * (`hash-max-listpack-value`), and in twice as much where one has: so the owner is cut into pieces.
 */
export interface AccountFields {
  readonly directory?: string;
  /** When the record was made, and the entry's id. */
  readonly entry?: string;
  /** What `ownerText` gives, cut into this and `owner2`, `owner3`, … */
  readonly owner1?: string;
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
  readonly [piece: string]: string;
}

/**
 * What is written of a new account, as field, value, … All but what scripts write: `check`, which is by Redis' clock, and
 * the owner.
 */
export function accountFields({ directoryId, entryId, createdAt, key }: Account): string[] {
  const identity = ['directory', directoryId, 'entry', `${createdAt} ${entryId}`];
  return key ? [...identity, 'key', keyField(key)] : identity;
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
  const directoryId = fields.directory ?? malformed(id, 'directory');
  const [createdAt, entryId] = readEntry(fields.entry) ?? malformed(id, 'entry');
  const { key: minted, suspension: out, stopped, pending } = fields;
  const suspension = out === undefined ? undefined : (readSuspension(out) ?? malformed(id, 'suspension'));
  const stoppedAt = stopped === undefined ? undefined : (readTime(stopped) ?? malformed(id, 'stopped'));
  return {
    ...{ id, directoryId, entryId, createdAt },
    owner: readOwner(joinOwner(fields)) ?? malformed(id, 'owner'),
    key: minted === undefined ? undefined : (readKey(minted) ?? malformed(id, 'key')),
    check: readCheck(fields.check) ?? malformed(id, 'check'),
    ...(suspension && { suspension }),
    ...(stoppedAt !== undefined && { suspendedByOperatorAt: stoppedAt }),
    ...(pending !== undefined && { isUnacknowledged: true }),
  };
}

function readEntry(text = ''): [createdAt: number, entryId: string] | undefined {
  const [, at, entryId] = /^(\d+) (.+)$/s.exec(text) ?? [];
  return at !== undefined && entryId !== undefined ? [Number(at), entryId] : undefined;
}

function joinOwner(fields: AccountFields): string {
  let text = '';
  for (let piece = 1; ; piece++) {
    const next = fields[`owner${piece}`];
    if (next === undefined) return text;
    text += next;
  }
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

function malformed(id: number, field: string): never {
  throw new Error(`the record of account ${id} is malformed: field "${field}"`);
}
