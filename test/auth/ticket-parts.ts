import { randomBytes } from 'node:crypto';
import { createMemoryTicketStore } from '../../src/adapters/memory/ticket-store.ts';
import type { DesktopTokenParts } from '../../src/auth/desktop-token.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';
import type { Account } from '../../src/ports/account-store.ts';

/** What sessions and tokens rest on, with what a test turns and reads. */
export interface TicketParts extends DesktopTokenParts {
  /** Accounts 1 and 2, to be changed at will. */
  readonly known: Map<number, Account>;
  /** Every key and value that was ever put. */
  readonly stored: Map<string, string>;
  /** Set the clock, in milliseconds; it begins at 0. */
  readonly setNow: (ms: number) => void;
}

/** Make the parts. */
export function createTicketParts(): TicketParts {
  let now = 0;
  const stored = new Map<string, string>();
  const kept = createMemoryTicketStore(() => now);
  const known = new Map([1, 2].map((id) => [id, account(id)]));
  return {
    tickets: {
      ...kept,
      put(key, value, lifetimeMs) {
        stored.set(key, value);
        return kept.put(key, value, lifetimeMs);
      },
    },
    accounts: { read: async (id) => known.get(id) },
    ring: createSecretRing([Buffer.alloc(32, 7)]),
    randomBytes,
    known,
    stored,
    setNow: (ms) => {
      now = ms;
    },
  };
}

/** As much of an account as a ticket is bound to. */
export function account(id: number, nonce = 'a'): Account {
  return { id, key: { nonce } } as Account;
}
