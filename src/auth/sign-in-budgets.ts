import type { CanonicalName } from '../keys/canonical-name.ts';
import type { SecretRing } from '../keys/secret-ring.ts';
import type { UnreadPerson } from '../ports/directory.ts';
import type { Principal } from '../ports/principal.ts';

/** Names the budgets of failed sign-ins: one for each name as typed, one for each person. */
export interface BudgetKeys {
  /** @param digest HMAC of the name's canonical form */
  readonly ofName: (digest: string) => string;
  readonly ofPerson: (person: Principal | UnreadPerson) => string;
}

/** How budgets are named, and what stands in them for names and addresses. */
export interface SignInBudgets {
  readonly keys: BudgetKeys;
  /** HMAC of a canonical name under a label of its own: people type passwords into the username field. */
  readonly digestName: (canonicalName: string) => string;
  /** HMAC of a client address under a label of its own. */
  readonly digestAddress: (address: string) => string;
}

/** The names of the budgets under the ring's current secret. */
export function signInBudgets(parts: { ring: SecretRing; canonical: CanonicalName }): SignInBudgets {
  const { ring, canonical } = parts;
  const digestName = (name: string) => ring.current.hmac('name', name, 'base64url');
  return {
    keys: {
      ofName: (digest) => `name:${digest}`,
      ofPerson: (person) =>
        'entryId' in person
          ? `entry:${person.directoryId}:${person.entryId}`
          : `dn:${person.directoryId}:${digestName(canonical(person.bindName))}`,
    },
    digestName,
    digestAddress: (address) => ring.current.hmac('address', address, 'base64url'),
  };
}
