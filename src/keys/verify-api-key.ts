import type { KeyRefusal } from '../errors.ts';
import type { Account, NearAccountStore } from '../ports/account-store.ts';
import { accountIdIn, hasKeyShape } from './api-key.ts';
import type { CanonicalName } from './canonical-name.ts';
import type { Freshen } from './freshen.ts';
import { isExpired, type KeyLifetime } from './key-age.ts';
import { isOwnersName } from './owner.ts';
import { createRecogniseKey, type IsKeyOf } from './recognise-key.ts';
import type { SecretRing } from './secret-ring.ts';
import { isSuspended } from './suspended.ts';

/** Whose good key it is, or why it is refused. */
export type KeyVerdict = { readonly account: Account } | { readonly refusal: KeyRefusal };

/**
 * Decides whether an API key is good now, and whose it is. One round trip to the store at most; none for a forged key,
 * nor for one that was just verified, whose verdict is given at once, with no promise.
 * The directory is waited for only where it has not been asked for too long.
 * `name`: the name that the client sent beside the key, which must then be one of the owner's; `undefined`:
 * the key came alone. Throws `Unavailable` when the store does not answer, or the directory has not for too long.
 */
export type VerifyApiKey = (key: string, name: string | undefined) => KeyVerdict | Promise<KeyVerdict>;

/** What verifying rests on. */
export interface VerifyingParts extends KeyLifetime {
  readonly ring: SecretRing;
  readonly accounts: Pick<NearAccountStore, 'kept' | 'read'>;
  readonly canonical: CanonicalName;
  readonly freshen: Freshen;
}

/** A key that somebody presents. */
interface Presented {
  readonly isKeyOf: IsKeyOf;
  readonly name: string | undefined;
}

/** Verify keys of `parts.ring` against the records in `parts.accounts`. */
export function createVerifyApiKey(parts: VerifyingParts): VerifyApiKey {
  const { ring, accounts } = parts;
  const recognise = createRecogniseKey(ring);
  const askStore = async (id: number, presented: Presented): Promise<KeyVerdict> =>
    judge(parts, presented, await accounts.read(id));
  return (text, name) => {
    const id = hasKeyShape(text) ? accountIdIn(text) : undefined;
    if (id === undefined) return { refusal: 'malformed-key' };
    const near = accounts.kept(id);
    const isKeyOf = recognise(text, near);
    if (!isKeyOf) return { refusal: 'unknown-key' };
    const presented = { isKeyOf, name };
    const verdict = near && !isSuspended(near) ? judge(parts, presented, near) : undefined;
    // What is only remembered may have changed for the better: nobody is refused by it.
    return verdict === undefined || 'refusal' in verdict ? askStore(id, presented) : verdict;
  };
}

function judge(
  parts: VerifyingParts,
  presented: Presented,
  kept: Account | undefined,
): KeyVerdict | Promise<KeyVerdict> {
  const { isKeyOf } = presented;
  if (!kept || !isKeyOf(kept)) return { refusal: 'unknown-key' };
  if (isExpired(kept.key, parts)) return { refusal: 'expired-key' };
  if (kept.suspendedByOperatorAt !== undefined) return { refusal: 'account-suspended' };
  const fresh = parts.freshen(kept);
  if (!(fresh instanceof Promise)) return judgeFresh(parts, presented, fresh);
  return fresh.then((account) => {
    // The directory may have taken long: another may have changed the key meanwhile.
    if (!account || (account !== kept && !isKeyOf(account))) return { refusal: 'unknown-key' };
    return judgeFresh(parts, presented, account);
  });
}

function judgeFresh({ canonical }: VerifyingParts, { name }: Presented, account: Account): KeyVerdict {
  if (isSuspended(account)) return { refusal: 'account-suspended' };
  if (name !== undefined && !isOwnersName(account.owner, name, canonical)) return { refusal: 'wrong-owner' };
  return { account };
}
