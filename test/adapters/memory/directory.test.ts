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
    { ...person({ entryId: 'dora', username: 'dora', emails: [] }), state: 'account-disabled' },
  ]);
  return {
    directory,
    disabledId: 'dora',
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

test.each([
  ['account-disabled', 'account-disabled'],
  ['account-expired', 'account-disabled'],
  ['account-inactivated', 'account-disabled'],
  ['not-permitted', 'not-permitted'],
  ['account-locked', undefined],
  ['password-expired', undefined],
  ['password-must-change', undefined],
] as const)('the memory directory says of somebody %s who is rechecked: %s', async (state, out) => {
  const directory = createMemoryDirectory([{ ...person({}), state }]);
  const expected = out ? { out, server: 'memory' } : { principal: alice, server: 'memory' };
  expect(await directory.recheck(alice)).toEqual(expected);
});

test('the memory directory has the people and the server that it was given last, and counts every recheck', async () => {
  const directory = createMemoryDirectory([person({})]);
  directory.setPeople([person({ username: 'alison' })]);
  directory.setServer('the other one');
  expect(await directory.recheck(alice)).toEqual({
    principal: { ...alice, username: 'alison' },
    server: 'the other one',
  });
  directory.setPeople([]);
  expect(await directory.recheck(alice)).toEqual({ out: 'not-found', server: 'the other one' });
  directory.setAway(true);
  expect(directory.isUp('corp')).toBe(false);
  directory.setUp(true);
  expect(directory.isUp('corp')).toBe(true);
  await expect(directory.recheck(alice)).rejects.toMatchObject({ part: 'directory' });
  expect(directory.rechecks()).toBe(3);
});
