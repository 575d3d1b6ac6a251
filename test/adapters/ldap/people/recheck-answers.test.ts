import { describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import type { Directory } from '../../../../src/ports/directory.ts';
import { searchDone, searchEntry, searchReference } from '../../../support/ldap-message.ts';
import { type Answer, answerHonestly, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { until } from '../../../support/until.ts';
import { groupOptions } from '../groups/admit-over.ts';
import { dnOf, ldapDirectory } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const people = 'ou=people,dc=example,dc=org';
const rarely = { probe: { firstMs: 600_000, atMostMs: 600_000 } };

const recheck = (directory: Directory, number: number, signal?: AbortSignal) =>
  directory.recheck({ directoryId: 'corp', entryId: idOf(number) }, signal);
const entry = (id: number, number: number, different: Record<string, string[]> = {}) =>
  searchEntry(id, dnOf(`user${number}`), {
    ...{ entryUUID: [idOf(number)], uid: [`user${number}`], cn: [`User ${number}`] },
    ...different,
  });
const referred = (id: number) => searchReference(id, ['ldap://127.0.0.1:1/dc=example,dc=org??sub']);

/** Answers the searches for people one after the other as said, and the last way from then on. */
function onSearches(...answers: ((id: number) => Buffer[])[]): Answer {
  let searches = 0;
  return (request, connection) => {
    if (request.operation !== 'search' || request.dn !== people) return answerHonestly(request, connection);
    const answer = answers[Math.min(searches++, answers.length - 1)];
    connection.send(...(answer?.(request.id) ?? []));
  };
}

/** A server that answers like this, and a directory that asks it. */
async function startBoth(answer: Answer, different: Partial<LdapDirectoryOptions> = {}) {
  const server = await startLyingLdapServer({ answer });
  const name = `ldap://127.0.0.1:${server.port}`;
  const directory = ldapDirectory({ urls: [name], ...rarely, ...different });
  return {
    name,
    directory,
    searches: () => server.requests().filter(({ operation, dn }) => operation === 'search' && dn === people),
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('an answer about people who are rechecked', () => {
  test('is one for all of them, and somebody whom it lacks is asked about alone', async () => {
    await using both = await startBoth(
      onSearches(
        (id) => [entry(id, 1), entry(id, 3), searchDone(id, 0)],
        (id) => [entry(id, 2), searchDone(id, 0)],
      ),
    );
    const answers = await Promise.all([1, 2, 3].map((number) => recheck(both.directory, number)));
    expect(answers).toMatchObject(
      [1, 2, 3].map((number) => ({ principal: { username: `user${number}` }, server: both.name })),
    );
    expect(both.searches()).toHaveLength(2);
  });

  test('counts with a reference where somebody was found, and is none where nobody was', async () => {
    await using both = await startBoth(
      onSearches(
        (id) => [entry(id, 1), referred(id), searchDone(id, 0)],
        (id) => [referred(id), searchDone(id, 0)],
      ),
    );
    const absent = reasonsOf(recheck(both.directory, 2));
    expect(await recheck(both.directory, 1)).toMatchObject({ principal: { username: 'user1' } });
    expect(await absent).toMatch(/referred/);
  });

  test('is that somebody is gone where it says so in full, to a search for them alone', async () => {
    await using both = await startBoth(
      onSearches(
        (id) => [entry(id, 1), referred(id), searchDone(id, 0)],
        (id) => [searchDone(id, 0)],
      ),
    );
    const answers = await Promise.all([1, 2].map((number) => recheck(both.directory, number)));
    expect(answers[1]).toEqual({ out: 'not-found', server: both.name });
    expect(both.searches()).toHaveLength(2);
  });

  test.each([
    [3, 'the time limit'],
    [4, 'the size limit'],
    [10, 'a referral'],
    [11, 'an administrative limit'],
    [32, 'that the base is not there'],
    [50, 'that the service account may not ask'],
  ])('is none with the result %i: %s, though somebody was found before', async (code) => {
    await using both = await startBoth(onSearches((id) => [entry(id, 1), searchDone(id, code)]));
    const reasons = await Promise.all([1, 2].map((number) => reasonsOf(recheck(both.directory, number))));
    expect(reasons).toEqual([1, 2].map(() => expect.stringContaining('did not answer a look-up by id')));
    expect(both.searches()).toHaveLength(1);
    expect(await reasonsOf(recheck(both.directory, 1))).toContain('did not answer a look-up by id');
  });

  test('is none where the entry has another id, or two have the one', async () => {
    await using both = await startBoth(
      onSearches(
        (id) => [entry(id, 2), searchDone(id, 0)],
        (id) => [entry(id, 1), searchEntry(id, dnOf('two'), { entryUUID: [idOf(1)] }), searchDone(id, 0)],
      ),
    );
    expect(await reasonsOf(recheck(both.directory, 1))).toMatch(/another entry/);
    expect(await reasonsOf(recheck(both.directory, 1))).toMatch(/two entries/);
  });

  test('is none about somebody whose entry cannot be read, and one about the others', async () => {
    await using both = await startBoth(
      onSearches(
        (id) => [entry(id, 1), entry(id, 2, { uid: [] }), entry(id, 3, { entryUUID: [] }), searchDone(id, 0)],
        (id) => [entry(id, 3, { entryUUID: [] }), searchDone(id, 0)],
      ),
    );
    const nameless = reasonsOf(recheck(both.directory, 2));
    const withoutId = reasonsOf(recheck(both.directory, 3));
    expect(await recheck(both.directory, 1)).toMatchObject({ principal: { username: 'user1' } });
    expect(await nameless).toMatch(/no readable uid/);
    expect(await withoutId).toMatch(/no readable entryUUID/);
  });

  test('is waited for by the others where one of them has gone', async () => {
    const held = Promise.withResolvers<void>();
    await using both = await startBoth((request, connection) => {
      if (request.operation !== 'search' || request.dn !== people) answerHonestly(request, connection);
      else
        held.promise.then(() =>
          connection.send(entry(request.id, 1), entry(request.id, 2), searchDone(request.id, 0)),
        );
    });
    const leaving = new AbortController();
    const left = recheck(both.directory, 1, leaving.signal);
    const others = [1, 2].map((number) => recheck(both.directory, number));
    await until('they are asked about', () => both.searches().length === 1);
    leaving.abort(new Error('gone home'));
    await expect(left).rejects.toThrow('gone home');
    held.resolve();
    expect(await Promise.all(others)).toMatchObject([
      { principal: { username: 'user1' } },
      { principal: { username: 'user2' } },
    ]);
    expect(both.searches()).toHaveLength(1);
  });
});

describe('rechecks of many at once', () => {
  const numbers = Array.from({ length: 120 }, (_, at) => at + 1);

  test('are one search for every fifty of them', async () => {
    await using both = await startBoth(
      onSearches((id) => [...numbers.map((number) => entry(id, number)), searchDone(id, 0)]),
    );
    const answers = await Promise.all(numbers.map((number) => recheck(both.directory, number)));
    expect(answers).toMatchObject(numbers.map((number) => ({ principal: { username: `user${number}` } })));
    expect(both.searches()).toHaveLength(3);
  });

  test('read the groups of eight at a time, and leave those who went before their turn alone', async () => {
    const waiting: (() => void)[] = [];
    let asked = 0;
    const answerAll = () => {
      for (const answer of waiting.splice(0)) answer();
    };
    await using both = await startBoth(
      (request, connection) => {
        if (request.operation !== 'search' || request.dn === '') return answerHonestly(request, connection);
        const { id } = request;
        if (request.dn === people)
          return connection.send(...numbers.map((number) => entry(id, number)), searchDone(id, 0));
        asked++;
        waiting.push(() => connection.send(searchDone(id, 0)));
      },
      { groups: groupOptions({ base: 'ou=groups,dc=example,dc=org' }) },
    );
    const leaving = new AbortController();
    const first = numbers.slice(0, 8).map((number) => recheck(both.directory, number));
    await until('eight are asked about', () => asked === 8);
    const left = numbers
      .slice(8, 20)
      .map((number) => reasonOf(recheck(both.directory, number, leaving.signal)));
    const last = recheck(both.directory, 21);
    await until('the others are found', () => both.searches().length === 2);
    // A search that would go beside the eight has gone by the time that another one is answered.
    await both.directory.find('user1');
    expect(asked).toBe(8);
    leaving.abort('gone home');
    expect(new Set(await Promise.all(left))).toEqual(new Set(['gone home']));
    answerAll();
    await Promise.all(first);
    await until('the next one is asked about', () => asked === 9);
    answerAll();
    expect(await last).toMatchObject({ principal: { username: 'user21' } });
  });
});

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (reason: unknown) => reason,
  );

describe('a directory without a service account', () => {
  test('cannot tell, and asks nobody', async () => {
    await using both = await startBoth(answerHonestly, {
      bindDn: undefined,
      bindPassword: undefined,
      userDnTemplate: `uid={username},${people}`,
    });
    expect(await recheck(both.directory, 1)).toBe('cannot-tell');
    expect(both.searches()).toEqual([]);
    expect(both.directory.isUp('corp')).toBe(true);
  });
});
