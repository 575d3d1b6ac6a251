import { timingSafeEqual } from 'node:crypto';
import { base62, base62Integer, base62OfHash, parseBase62 } from './base62.ts';
import { createIsSameText } from './same-text.ts';
import type { Secret, SecretRing } from './secret-ring.ts';

/**
 * An API key is 32 characters of `[A-Za-z0-9]`: 22 that look random, 6 that name the account, 4 of tag.
 * The widths and their bit budget are decided in docs/adr/0001-derived-api-keys.md.
 */
const RANDOM_WIDTH = 22;
const ACCOUNT_WIDTH = 6;
const SIGNED_WIDTH = RANDOM_WIDTH + ACCOUNT_WIDTH;
const TAG_WIDTH = 4;
const SHAPE = /^[A-Za-z0-9]{32}$/;

const isSameTag = createIsSameText(TAG_WIDTH);

/** The largest account id that a key can carry. */
export const MAX_ACCOUNT_ID: number = 62 ** ACCOUNT_WIDTH - 1;

/** Bytes of a nonce: as wide as the search for it must be hard. */
export const NONCE_BYTES = 16;

/** A text whose tag verifies: who made it had a secret of the ring, unless one guess in 62^4 was lucky. */
export interface RecognisedKey {
  readonly accountId: number;
  /** The secret under which the tag verifies. */
  readonly secret: Secret;
  /** The 22 characters that only the account's nonce can explain. */
  readonly random: string;
}

/** Whether `text` has a key's shape; says nothing about its tag. */
export function hasKeyShape(text: string): boolean {
  return SHAPE.test(text);
}

/**
 * The key of an account: the same inputs give the same key, so nothing but the nonce need be stored.
 * @param nonce 32 hex digits
 * @throws {RangeError} where the account id does not fit or the nonce has another width
 */
export function deriveApiKey(secret: Secret, accountId: number, nonce: string): string {
  const account = base62Integer(accountId, ACCOUNT_WIDTH);
  const signed = deriveRandom(secret, account, nonce) + account;
  return signed + tag(secret, signed);
}

/**
 * What a key says of itself, if its tag verifies under any secret of the ring; `undefined` for everything
 * else. Asks nobody: this is what stops forged keys, and what tells a key typed as a password.
 */
export function recogniseApiKey(ring: SecretRing, text: string): RecognisedKey | undefined {
  if (!hasKeyShape(text)) return undefined;
  const signed = text.slice(0, SIGNED_WIDTH);
  const claimed = text.slice(SIGNED_WIDTH);
  const secret = ring.secrets.find((one) => isSameTag(tag(one, signed), claimed));
  const accountId = accountIdIn(text);
  if (!secret || accountId === undefined) return undefined;
  return { accountId, secret, random: signed.slice(0, RANDOM_WIDTH) };
}

/** The id of the account that a text in a key's shape names; nothing says yet that it is a key. */
export function accountIdIn(text: string): number | undefined {
  return parseBase62(text.slice(RANDOM_WIDTH, SIGNED_WIDTH));
}

/** Whether a recognised key is the one that this nonce and its secret give: in constant time, and for one key alone. */
export function isDerivedFrom({ accountId, secret, random }: RecognisedKey, nonce: string): boolean {
  return isSameText(deriveRandom(secret, base62Integer(accountId, ACCOUNT_WIDTH), nonce), random);
}

/** @param account the account id in base62 */
function deriveRandom(secret: Secret, account: string, nonce: string): string {
  const nonceBytes = Buffer.from(nonce, 'hex');
  if (nonceBytes.length !== NONCE_BYTES) throw new RangeError(`a nonce has ${NONCE_BYTES} bytes`);
  return base62(secret.hmac('key', account, 'hex', nonceBytes), RANDOM_WIDTH);
}

function tag(secret: Secret, signed: string): string {
  return base62OfHash(secret.hmac('tag', signed, 'binary'));
}

function isSameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
