import { describe, expect, test } from '@jest/globals';
import { createFileDirectory } from '../../../src/adapters/file/file-directory.ts';
import type { Principal } from '../../../src/ports/principal.ts';
import { alice, describePeople } from '../directory-contract.ts';
import { aliceHash, alicesEntry, fileInMemory, peopleText } from './people-text.ts';

const options = { id: 'corp', path: '/people.yaml' };
const localAlice: Principal = { ...alice, dn: `uniqueIdentifier=${alice.entryId}` };

function directoryOf(...people: readonly object[]) {
  return createFileDirectory(fileInMemory(peopleText(...people)).parts, options);
}

describePeople(
  'a file of people',
  async () => {
    const dora = alicesEntry({ id: 'dora', username: 'dora', email: 'dora@example.org', disabled: true });
    return { directory: directoryOf(alicesEntry(), dora), disabledId: 'dora' };
  },
  localAlice,
);

describe('a file of people', () => {
  test.each([
    ['ops', 'ops'],
    ['OPS', 'ops'],
    ['second@EXAMPLE.org', 'ops'],
    ['JOSE\u0301', 'josé'],
    ['strasse', 'straße'],
  ])('knows %j as %s', async (typed, username) => {
    const directory = directoryOf(
      alicesEntry({
        id: '1',
        username: 'ops',
        email: undefined,
        emails: ['a@example.org', 'second@example.org'],
      }),
      alicesEntry({ id: '2', username: 'josé', email: 'jose@example.org' }),
      alicesEntry({ id: '3', username: 'straße', email: 'road@example.org' }),
    );
    expect(await directory.find(typed)).toMatchObject({ principal: { username } });
  });

  test('gives every email in order, the id in lower case, and the username where there is no full name', async () => {
    const { fullName: _, email: __, ...entry } = alicesEntry() as Record<string, unknown>;
    const emails = ['b@example.org', 'a@example.org'];
    const directory = directoryOf({ ...entry, id: 'Ops-1', emails });
    expect(await directory.find('alice')).toEqual({
      principal: {
        directoryId: 'corp',
        entryId: 'ops-1',
        dn: 'uniqueIdentifier=ops-1',
        username: 'alice',
        emails,
        fullName: 'alice',
        groups: [],
      },
    });
  });

  test.each([
    [{ disabled: true }, 'account-disabled'],
    [{ passwordExpired: true }, 'password-expired'],
    [{ disabled: true, passwordExpired: true }, 'account-disabled'],
  ])('says of somebody %j after the right password only: %s', async (state, refusal) => {
    const directory = directoryOf(alicesEntry(state));
    expect(await directory.verifyPassword(localAlice, 'alice-secret')).toEqual({ refusal });
    expect(await directory.verifyPassword(localAlice, 'wrong')).toEqual({ refusal: 'wrong-password' });
  });

  test('lists its people, at most as many as are asked for', async () => {
    const bob = alicesEntry({ id: 'bob', username: 'bob', email: 'bob@example.org' });
    const directory = directoryOf(alicesEntry(), bob);
    const names = async (limit: number) => (await directory.list(limit)).map(({ username }) => username);
    expect(await names(100)).toEqual(['alice', 'bob']);
    expect(await names(1)).toEqual(['alice']);
  });

  test('judges a password by what the file says now', async () => {
    const file = fileInMemory(peopleText(alicesEntry()));
    const directory = createFileDirectory(file.parts, options);
    file.write(peopleText(alicesEntry({ disabled: true, fullName: 'Alice Baker' })));
    file.pass(1000);
    expect(await directory.verifyPassword(localAlice, 'alice-secret')).toEqual({
      refusal: 'account-disabled',
    });
    file.write(peopleText());
    file.pass(1000);
    expect(await directory.verifyPassword(localAlice, 'alice-secret')).toEqual({ refusal: 'wrong-password' });
    expect(await directory.find('alice')).toEqual({ refusal: 'unknown-user' });
  });

  test('rechecks by what the file says now', async () => {
    const file = fileInMemory(peopleText(alicesEntry()));
    const directory = createFileDirectory(file.parts, options);
    const recheckWith = (text: string | undefined) => {
      file.write(text);
      file.pass(1000);
      return directory.recheck(localAlice);
    };
    expect(await recheckWith(peopleText(alicesEntry({ username: 'alison' })))).toEqual({
      principal: { ...localAlice, username: 'alison' },
      server: 'file',
    });
    expect(await recheckWith(peopleText(alicesEntry({ passwordExpired: true })))).toMatchObject({
      principal: localAlice,
    });
    expect(await recheckWith(peopleText(alicesEntry({ disabled: true })))).toMatchObject({
      out: 'account-disabled',
    });
    expect(await recheckWith(undefined)).toMatchObject({ out: 'account-disabled' });
    expect(await recheckWith(peopleText())).toEqual({ out: 'not-found', server: 'file' });
  });

  test('is unavailable to whoever comes when too many wait, and to nobody else', async () => {
    const directory = directoryOf(alicesEntry());
    const sixty = Array.from({ length: 60 }, () => directory.verifyPassword(localAlice, 'alice-secret'));
    const outcomes = await Promise.allSettled(sixty);
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(failures.length).toBe(42);
    for (const failure of failures) expect(failure).toMatchObject({ name: 'Unavailable', part: 'directory' });
    for (const one of outcomes.slice(0, 18)) expect(one).toMatchObject({ value: { principal: localAlice } });
    expect(await directory.verifyPassword(localAlice, 'alice-secret')).toEqual({ principal: localAlice });
  });

  test('is not made where a person in it is at fault, and the error does not tell the hash', () => {
    const make = () => directoryOf(alicesEntry({ id: 'not an id' }));
    expect(make).toThrow('/people.yaml: people[0].id ("alice"): not an id');
    expect(make).not.toThrow(aliceHash);
  });
});
