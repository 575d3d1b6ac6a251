import { hash } from 'node:crypto';
import type { Account, KeyMaterial } from '../ports/account-store.ts';
import { isDerivedFrom, type RecognisedKey, recogniseApiKey } from './api-key.ts';
import { createIsSameText } from './same-text.ts';
import type { SecretRing } from './secret-ring.ts';

const DIGEST_BYTES = 32;

/** An account that has a key. */
export type KeyedAccount = Account & { readonly key: KeyMaterial };

/** Whether the key that was recognised is this account's. */
export type IsKeyOf = (account: Account) => account is KeyedAccount;

/**
 * Recognises a key of the ring; `undefined`: it is forged. Asks nobody.
 * @param text in a key's shape
 * @param near the account that it names, where that is remembered: the same object each time
 */
export type RecogniseKey = (text: string, near: Account | undefined) => IsKeyOf | undefined;

/**
 * Where an account is remembered, the SHA-256 of the key that was found to be its own is remembered with it: that key
 * takes one hash from then on, not two HMACs. The key itself is kept nowhere.
 */
export function createRecogniseKey(ring: SecretRing): RecogniseKey {
  const digests = new WeakMap<Account, string>();
  const isSameDigest = createIsSameText(DIGEST_BYTES);
  return (text, near) => {
    const digest = near && digests.get(near);
    if (digest !== undefined && isSameDigest(digestOf(text), digest)) {
      return (account): account is KeyedAccount => account === near || isKeyOf(ring, account, text);
    }
    const key = recogniseApiKey(ring, text);
    if (!key) return undefined;
    return (account): account is KeyedAccount => {
      const isKey = isRecognised(account, key);
      if (isKey && account === near) digests.set(account, digestOf(text));
      return isKey;
    };
  };
}

/** A character for each byte. */
function digestOf(text: string): string {
  return hash('sha256', text, 'binary');
}

function isKeyOf(ring: SecretRing, account: Account, text: string): boolean {
  const key = recogniseApiKey(ring, text);
  return key !== undefined && isRecognised(account, key);
}

function isRecognised({ id, key }: Account, recognised: RecognisedKey): boolean {
  const isOurs = key !== undefined && id === recognised.accountId && key.secretId === recognised.secret.id;
  return isOurs && isDerivedFrom(recognised, key.nonce);
}
