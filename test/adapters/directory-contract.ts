import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../src/errors.ts';
import type { Directory } from '../../src/ports/directory.ts';
import type { Principal } from '../../src/ports/principal.ts';

/** A directory of which somebody is disabled. */
type PeopleUnderTest = {
  readonly directory: Directory;
  /** The entry id of somebody who is disabled. */
  readonly disabledId: string;
};

/**
 * A directory in which are at least `alice`, somebody disabled, two people of the login name `dup`, and two who share an
 * email.
 */
export type DirectoryUnderTest = PeopleUnderTest &
  AsyncDisposable & {
    /** Makes it so that nothing answers any more, or that it does again. */
    setAway(away: boolean): Promise<void>;
  };

/** What every directory has to say of alice. */
export const alice: Principal = {
  directoryId: 'corp',
  entryId: '11111111-1111-4111-8111-111111111111',
  dn: 'uid=alice,ou=people,dc=example,dc=org',
  username: 'alice',
  emails: ['alice@example.org'],
  fullName: 'Alice Archer',
  groups: [],
};

/** Says what every `Directory` does, whatever is behind it. `start` is called once. */
export function describeDirectory(name: string, start: () => Promise<DirectoryUnderTest>): void {
  describe(`${name}, as a directory`, () => {
    let tested: DirectoryUnderTest;
    const find = (username: string) => tested.directory.find(username);
    const verify = (password: string) => tested.directory.verifyPassword(alice, password);
    const recheck = (entryId: string) => tested.directory.recheck({ directoryId: 'corp', entryId });

    beforeAll(async () => {
      tested = await start();
    });
    afterAll(async () => {
      await tested[Symbol.asyncDispose]();
    });

    testPeople(() => tested, alice);

    test.each(['dup', 'DUP', 'twins@example.org'])('does not choose between two by %j', async (username) => {
      expect(await find(username)).toEqual({ refusal: 'ambiguous' });
    });

    test.each([
      ['alice', 1],
      ['DUP', 2],
      ['nobody', 0],
    ])('counts who has the login name %j: %i', async (username, count) => {
      expect(await tested.directory.countByUsername({ ...alice, username })).toBe(count);
    });

    test('throws Unavailable at every call while it is away, and answers again afterwards', async () => {
      await tested.directory.ping();
      await tested.setAway(true);
      await expect(find('alice')).rejects.toBeInstanceOf(Unavailable);
      await expect(find('nobody')).rejects.toBeInstanceOf(Unavailable);
      await expect(tested.directory.countByUsername(alice)).rejects.toBeInstanceOf(Unavailable);
      await expect(tested.directory.list(1)).rejects.toBeInstanceOf(Unavailable);
      await expect(verify('alice-secret')).rejects.toBeInstanceOf(Unavailable);
      await expect(verify('wrong')).rejects.toBeInstanceOf(Unavailable);
      await expect(recheck(alice.entryId)).rejects.toBeInstanceOf(Unavailable);
      await expect(recheck('gone')).rejects.toBeInstanceOf(Unavailable);
      await expect(tested.directory.ping()).rejects.toMatchObject({ part: 'directory' });
      expect(tested.directory.isUp('corp')).toBe(false);
      await tested.setAway(false);
      await tested.directory.ping();
      expect(tested.directory.isUp('corp')).toBe(true);
      expect(await recheck(alice.entryId)).toMatchObject({ principal: alice });
      expect(await find('alice')).toEqual({ principal: alice });
      expect(await verify('wrong')).toEqual({ refusal: 'wrong-password' });
      expect(await verify('alice-secret')).toEqual({ principal: alice });
    });
  });
}

/**
 * Says what a directory does that knows alice, and cannot be away or know two people by one name.
 * @param person alice as this directory has her
 */
export function describePeople(name: string, start: () => Promise<PeopleUnderTest>, person: Principal): void {
  describe(`${name}, as a directory that is always there`, () => {
    let tested: PeopleUnderTest;

    beforeAll(async () => {
      tested = await start();
    });

    testPeople(() => tested, person);

    test('answers', async () => {
      await expect(tested.directory.ping()).resolves.toBeUndefined();
    });
  });
}

function testPeople(tested: () => PeopleUnderTest, person: Principal): void {
  const directory = () => tested().directory;
  const find = (username: string) => directory().find(username);
  const verify = (password: string) => directory().verifyPassword(person, password);
  const recheck = (entryId: string) => directory().recheck({ directoryId: 'corp', entryId });

  test('is taken to be up before anything is asked of it', () => {
    expect(directory().isUp('corp')).toBe(true);
  });

  test.each([
    ['login name', 'alice'],
    ['login name in another case', 'ALIce'],
    ['email', 'alice@example.org'],
    ['email in another case', 'Alice@EXAMPLE.org'],
  ])('finds somebody by %s', async (_, username) => {
    expect(await find(username)).toEqual({ principal: person });
  });

  test.each(['nobody', 'nobody@example.org', 'alic', 'alice@example.com', '*', 'alice)(uid=*'])(
    'knows nobody by %j',
    async (username) => {
      expect(await find(username)).toEqual({ refusal: 'unknown-user' });
    },
  );

  test('takes the right password and gives the person', async () => {
    expect(await verify('alice-secret')).toEqual({ principal: person });
  });

  test.each(['alice-secreT', 'alice-secret ', 'alice-secret\0', 'alice-secre', 'bob-secret'])(
    'refuses the wrong password %j',
    async (password) => {
      expect(await verify(password)).toEqual({ refusal: 'wrong-password' });
    },
  );

  test('refuses the password of somebody who has gone since', async () => {
    const gone = { ...person, entryId: 'gone', dn: 'uid=gone,ou=people,dc=example,dc=org' };
    expect(await directory().verifyPassword(gone, 'alice-secret')).toEqual({
      refusal: 'wrong-password',
    });
  });

  test('says of somebody who may come in what it says when they are found, and which server says it', async () => {
    expect(await recheck(person.entryId)).toEqual({ principal: person, server: expect.stringMatching(/./) });
  });

  test.each(['gone', '11111111-1111-4111-8111-11111111111', '*', ''])(
    'says that nobody has the entry id %j',
    async (entryId) => {
      expect(await recheck(entryId)).toEqual({ out: 'not-found', server: expect.stringMatching(/./) });
    },
  );

  test('says that somebody is disabled, without a password', async () => {
    expect(await recheck(tested().disabledId)).toEqual({
      out: 'account-disabled',
      server: expect.stringMatching(/./),
    });
  });

  test('says of many who are asked about at once what it says of each alone', async () => {
    const ids = [person.entryId, 'gone', tested().disabledId, person.entryId];
    const alone = [];
    for (const id of ids) alone.push(await recheck(id));
    expect(await Promise.all(ids.map(recheck))).toEqual(alone);
  });
}
