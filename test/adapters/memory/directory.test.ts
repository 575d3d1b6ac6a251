import { expect, test } from '@jest/globals';
import { createMemoryDirectory } from '../../../src/adapters/memory/directory.ts';
import type { Principal } from '../../../src/ports/principal.ts';
import { alice, describeDirectory } from '../directory-contract.ts';

function person(different: Partial<Principal>) {
  const principal = { ...alice, ...different };
  return { principal, password: `${principal.username}-secret` };
}

describeDirectory('the memory directory', async () => {
  const directory = createMemoryDirectory([
    person({}),
    person({ entryId: 'dup-1', username: 'dup', emails: ['dup-north@example.org'] }),
    person({ entryId: 'dup-2', username: 'dup', emails: ['dup-south@example.org'] }),
    person({ entryId: 'twin-a', username: 'twin-a', emails: ['twins@example.org'] }),
    person({ entryId: 'twin-b', username: 'twin-b', emails: ['twins@example.org'] }),
  ]);
  return {
    directory,
    setAway: async (away) => directory.setAway(away),
    async [Symbol.asyncDispose]() {},
  };
});

test('the memory directory says the state of a person after the right password only, and counts the binds', async () => {
  const directory = createMemoryDirectory([{ ...person({}), state: 'account-disabled' }]);
  expect(await directory.verifyPassword(alice, 'wrong')).toEqual({ refusal: 'wrong-password' });
  expect(await directory.verifyPassword(alice, 'alice-secret')).toEqual({ refusal: 'account-disabled' });
  expect(directory.binds()).toBe(2);
});
