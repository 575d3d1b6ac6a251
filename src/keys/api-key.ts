import { timingSafeEqual } from 'node:crypto';
import { base62, base62Integer, parseBase62 } from './base62.ts';
import type { Secret, SecretRing } from './secret-ring.ts';

/**
 * An API key is 32 characters of `[A-Za-z0-9]`: 22 that look random, 6 that name the account, 4 of tag.
 * The widths and their bit budget are decided in docs/adr/0001-derived-api-keys.md.
 */
const RANDOM_WIDTH = 22;
const ACCOUNT_WIDTH = 6;
const TAG_WIDTH = 4;
const SIGNED_WIDTH = RANDOM_WIDTH + ACCOUNT_WIDTH;
const SHAPE = /^[A-Za-z0-9]{32}$/;

/** The largest account id that a key can carry. */
export const MAX_ACCOUNT_ID: number = 62 ** ACCOUNT_WIDTH - 1;

/** Bytes of a nonce: as wide as the search for it must be hard. */
export const NONCE_BYTES = 16;

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
  const nonceBytes = Buffer.from(nonce, 'hex');
  if (nonceBytes.length !== NONCE_BYTES) throw new RangeError(`a nonce has ${NONCE_BYTES} bytes`);
  const random = base62(secret.hmac('key', Buffer.concat([Buffer.from(account), nonceBytes])), RANDOM_WIDTH);
  const signed = random + account;
  return signed + tag(secret, signed);
}

/**
 * The account id that a key carries, if its tag verifies under any secret of the ring; `undefined` for
 * everything else. Asks nobody: this is what stops forged keys, and what tells a key typed as a password.
 */
export function recogniseApiKey(ring: SecretRing, text: string): number | undefined {
  if (!hasKeyShape(text)) return undefined;
  const signed = text.slice(0, SIGNED_WIDTH);
  const claimed = text.slice(SIGNED_WIDTH);
  if (!ring.secrets.some((secret) => sameText(tag(secret, signed), claimed))) return undefined;
  return parseBase62(text.slice(RANDOM_WIDTH, SIGNED_WIDTH));
}

/** Whether two keys are the same, in a time that does not depend on where they differ. */
export function sameApiKey(a: string, b: string): boolean {
  return a.length === b.length && sameText(a, b);
}

function tag(secret: Secret, signed: string): string {
  return base62(secret.hmac('tag', signed), TAG_WIDTH);
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
