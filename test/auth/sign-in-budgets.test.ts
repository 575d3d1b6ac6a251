import { describe, expect, test } from '@jest/globals';
import { signInBudgets } from '../../src/auth/sign-in-budgets.ts';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { createSecretRing } from '../../src/keys/secret-ring.ts';

const { keys } = signInBudgets({
  ring: createSecretRing([Buffer.alloc(32, 1)]),
  canonical: createCanonicalName(['CORP', 'corp.example', 'dc=example']),
});
const keyOf = (bindName: string) => keys.ofPerson({ directoryId: 'default', bindName, username: 'x' });

describe('the budget of somebody whose entry nobody can read', () => {
  test.each([
    ['uid=alice,ou=people,dc=example', 'UID=Alice,ou=people,dc=example'],
    ['CORP\\alice', 'corp\\ALICE'],
    ['alice@corp.example', 'Alice@CORP.example'],
  ])('is one for %s and %s', (one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });

  test.each([
    ['uid=doe\\, john,ou=people,dc=example', 'uid=poe\\, john,ou=people,dc=example'],
    ['uid=corp\\\\alice,ou=people,dc=example', 'uid=alice,ou=people,dc=example'],
    ['uid=alice@corp.example,ou=people,dc=example', 'uid=alice,ou=people,dc=example'],
    ['CORP\\alice', 'CORP\\alicia'],
    ['alice@corp.example', 'alicia@corp.example'],
  ])('is not one for %s and %s', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });
});
