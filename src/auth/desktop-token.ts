import { base62 } from '../keys/base62.ts';
import type { SecretRing } from '../keys/secret-ring.ts';
import type { Account, AccountStore } from '../ports/account-store.ts';
import type { TicketStore } from '../ports/ticket-store.ts';
import { bindTo, boundAccount } from './bound-account.ts';

/** How long a desktop app may take to bring its token, in milliseconds (contract 7.2). */
export const DESKTOP_TOKEN_MS = 15_000;

const TOKEN_WIDTH = 32;
const TOKEN_BYTES = 32;
const SHAPE = /^[A-Za-z0-9]{32}$/;

/**
 * Tokens by which a desktop app takes over a sign-in that a browser made: each is good once, and for
 * `DESKTOP_TOKEN_MS`. Every method throws `Unavailable` when the store does not answer.
 */
export interface DesktopTokens {
  /** Gives a token for the account: 32 characters of `[A-Za-z0-9]`. */
  issue(account: Account): Promise<string>;
  /** Whose the token is; from then on it is nobody's. `undefined`: unknown, expired, or brought before. */
  redeem(token: string): Promise<Account | undefined>;
}

/** What tokens rest on; `randomBytes` from the CSPRNG. */
export interface DesktopTokenParts {
  readonly tickets: TicketStore;
  readonly accounts: Pick<AccountStore, 'read'>;
  readonly ring: SecretRing;
  readonly randomBytes: (size: number) => Buffer;
}

/** Whether `text` has a token's shape; says nothing about whether there is such a token. */
export function hasDesktopTokenShape(text: string): boolean {
  return SHAPE.test(text);
}

/** Keep tokens in `parts.tickets`, each under its HMAC. */
export function createDesktopTokens(parts: DesktopTokenParts): DesktopTokens {
  const { tickets, accounts, ring, randomBytes } = parts;
  const keyOf = (token: string) => `desktop:${ring.current.hmac('ticket', token, 'base64url')}`;
  return {
    async issue(account) {
      const token = base62(randomBytes(TOKEN_BYTES).toString('hex'), TOKEN_WIDTH);
      await tickets.put(keyOf(token), bindTo(account), DESKTOP_TOKEN_MS);
      return token;
    },
    async redeem(token) {
      const value = await tickets.take(keyOf(token));
      return value === undefined ? undefined : boundAccount(value, accounts);
    },
  };
}
