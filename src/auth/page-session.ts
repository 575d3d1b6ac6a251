import type { SecretRing } from '../keys/secret-ring.ts';
import type { Account, AccountStore } from '../ports/account-store.ts';
import type { TicketStore } from '../ports/ticket-store.ts';
import { bindTo, boundAccount } from './bound-account.ts';

/** How long a browser stays signed in, in milliseconds: from its sign-in, not from its last click. */
export const PAGE_SESSION_MS = 15 * 60_000;

const ID_BYTES = 32;

/**
 * Sign-ins of browsers. A session ends after `PAGE_SESSION_MS`, when it is closed, when the account gets a
 * new key anywhere, and when the current secret of the ring changes. Every method throws `Unavailable` when
 * the store does not answer.
 */
export interface PageSessions {
  /** Sign a browser in; gives the id that it is to hold, 43 characters of base64url. */
  open(account: Account): Promise<string>;
  /** Whose the session is; `undefined` where there is none any more. */
  accountOf(id: string): Promise<Account | undefined>;
  /** Sign the browser out. */
  close(id: string): Promise<void>;
}

/** What sessions rest on; `randomBytes` from the CSPRNG. */
export interface PageSessionParts {
  readonly tickets: TicketStore;
  readonly accounts: Pick<AccountStore, 'read'>;
  readonly ring: SecretRing;
  readonly randomBytes: (size: number) => Buffer;
}

/** Keep sessions in `parts.tickets`, each under the HMAC of its id. */
export function createPageSessions({ tickets, accounts, ring, randomBytes }: PageSessionParts): PageSessions {
  const keyOf = (id: string) => `session:${ring.current.hmac('session', id, 'base64url')}`;
  return {
    async open(account) {
      const id = randomBytes(ID_BYTES).toString('base64url');
      await tickets.put(keyOf(id), bindTo(account), PAGE_SESSION_MS);
      return id;
    },
    async accountOf(id) {
      const value = await tickets.get(keyOf(id));
      return value === undefined ? undefined : boundAccount(value, accounts);
    },
    close: (id) => tickets.drop(keyOf(id)),
  };
}
