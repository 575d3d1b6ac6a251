import fc from 'fast-check';
import { MAX_ACCOUNT_ID } from '../../src/keys/api-key.ts';

/** 32 to 64 bytes: what a ring takes for a secret. */
export const secretBytes = fc.uint8Array({ minLength: 32, maxLength: 64 }).map((bytes) => Buffer.from(bytes));

/** Every id that a key can carry. */
export const accountId = fc.integer({ min: 1, max: MAX_ACCOUNT_ID });

/** 16 bytes as hex digits. */
export const nonce = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
