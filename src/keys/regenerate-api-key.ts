import type { Account, AccountStore } from '../ports/account-store.ts';
import { deriveApiKey } from './api-key.ts';
import type { IssuedKey } from './issue-api-key.ts';
import { type MintingParts, newKey } from './new-key.ts';

/**
 * Gives the account, as it was read when its key was verified, a new key: the old one is dead at once, for
 * every replica. `undefined`: it is dead already, since another request has given a new one meanwhile.
 * Throws `Unavailable` when the store does not answer, and `Unacknowledged`.
 */
export type RegenerateApiKey = (account: Account) => Promise<IssuedKey | undefined>;

/** What regenerating rests on. */
export interface RegeneratingParts extends MintingParts {
  readonly accounts: Pick<AccountStore, 'mint'>;
}

/** Mint keys of the current secret of `parts.ring` for the records in `parts.accounts`. */
export function createRegenerateApiKey(parts: RegeneratingParts): RegenerateApiKey {
  return async (account) => {
    const key = newKey(parts);
    if (!(await parts.accounts.mint(account.id, account.key?.nonce, key))) return undefined;
    return {
      apiKey: deriveApiKey(parts.ring.current, account.id, key.nonce),
      account: { ...account, key },
    };
  };
}
