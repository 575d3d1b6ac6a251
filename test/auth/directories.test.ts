import { describe, expect, test } from '@jest/globals';
import { createMemoryDirectory } from '../../src/adapters/memory/directory.ts';
import { createDirectories } from '../../src/auth/directories.ts';
import { Unavailable } from '../../src/errors.ts';
import type { Directory, Found } from '../../src/ports/directory.ts';
import { alice } from '../adapters/directory-contract.ts';

type Answer = 'alice' | 'unknown-user' | 'ambiguous' | 'not-permitted' | 'away';

const corpAlice = { ...alice, directoryId: 'corp' };
const localAlice = { ...alice, directoryId: 'local', entryId: 'local-alice' };

/** Directories by id, each of which may vouch for every email unless `emailDomains` names its domains. */
function joined(
  list: readonly (readonly [string, Directory])[],
  emailDomains: Readonly<Record<string, readonly string[]>> = {},
): Directory {
  return createDirectories(
    new Map(list.map(([id, directory]) => [id, { directory, emailDomains: emailDomains[id] ?? [] }])),
  );
}

/** A directory that answers one thing about everybody. */
function answering(answer: Answer, directoryId: string): Directory {
  const empty = createMemoryDirectory([]);
  const found: Record<Exclude<Answer, 'away'>, Found> = {
    alice: { principal: { ...alice, directoryId } },
    'unknown-user': { refusal: 'unknown-user' },
    ambiguous: { refusal: 'ambiguous' },
    'not-permitted': { refusal: 'not-permitted' },
  };
  return {
    ...empty,
    find: async () => {
      if (answer === 'away') throw new Unavailable('directory', `${directoryId} is away`);
      return found[answer];
    },
  };
}

function two() {
  const corp = createMemoryDirectory([{ principal: corpAlice, password: 'corp-secret' }]);
  const local = createMemoryDirectory([
    { principal: localAlice, password: 'local-secret' },
    { principal: { ...localAlice, entryId: 'ops', username: 'ops', emails: [] }, password: 'ops-secret' },
  ]);
  return {
    corp,
    local,
    both: joined([
      ['corp', corp],
      ['local', local],
    ]),
  };
}

describe('several directories', () => {
  test.each<[Answer, Answer, string]>([
    ['alice', 'unknown-user', 'corp'],
    ['unknown-user', 'alice', 'local'],
    ['unknown-user', 'unknown-user', 'unknown-user'],
    ['alice', 'alice', 'ambiguous'],
    ['alice', 'ambiguous', 'ambiguous'],
    ['ambiguous', 'unknown-user', 'ambiguous'],
    ['unknown-user', 'ambiguous', 'ambiguous'],
    ['not-permitted', 'unknown-user', 'not-permitted'],
    ['unknown-user', 'not-permitted', 'not-permitted'],
    ['alice', 'not-permitted', 'ambiguous'],
    ['away', 'alice', 'local'],
    ['alice', 'away', 'corp'],
    ['away', 'ambiguous', 'ambiguous'],
    ['away', 'not-permitted', 'not-permitted'],
    ['away', 'unknown-user', 'away'],
    ['unknown-user', 'away', 'away'],
    ['away', 'away', 'away'],
  ])('one saying %s and one saying %s say %s', async (first, second, outcome) => {
    const directories = joined([
      ['corp', answering(first, 'corp')],
      ['local', answering(second, 'local')],
    ]);
    const found = await directories.find('alice').catch((failure: unknown) => {
      expect(failure).toMatchObject({ name: 'Unavailable', part: 'directory' });
      return { refusal: 'away' };
    });
    expect('principal' in found ? found.principal.directoryId : 'refusal' in found && found.refusal).toBe(
      outcome,
    );
  });

  test('are asked at the same time', async () => {
    const { corp, local } = two();
    const asked: string[] = [];
    const allAsked = Promise.withResolvers<void>();
    const waiting = (id: string, directory: Directory): Directory => ({
      ...directory,
      async find(username) {
        asked.push(id);
        if (asked.length === 2) allAsked.resolve();
        await allAsked.promise;
        return directory.find(username);
      },
    });
    const both = joined([
      ['corp', waiting('corp', corp)],
      ['local', waiting('local', local)],
    ]);
    expect(await both.find('ops')).toMatchObject({ principal: { entryId: 'ops' } });
    expect(asked).toEqual(['corp', 'local']);
  });

  test('ask none but the person’s own about a password', async () => {
    const { corp, local, both } = two();
    expect(await both.verifyPassword(localAlice, 'local-secret')).toEqual({ principal: localAlice });
    expect(await both.verifyPassword(localAlice, 'corp-secret')).toEqual({ refusal: 'wrong-password' });
    expect([corp.binds(), local.binds()]).toEqual([0, 2]);
    expect(await both.verifyPassword(corpAlice, 'corp-secret')).toEqual({ principal: corpAlice });
    expect([corp.binds(), local.binds()]).toEqual([1, 2]);
  });

  test('recheck somebody where the account belongs, and nowhere else', async () => {
    const { corp, local, both } = two();
    local.setServer('local-1');
    expect(await both.recheck(localAlice)).toEqual({ principal: localAlice, server: 'local-1' });
    expect([corp.rechecks(), local.rechecks()]).toEqual([0, 1]);
    corp.setAway(true);
    await expect(both.recheck(corpAlice)).rejects.toBeInstanceOf(Unavailable);
    expect([corp.rechecks(), local.rechecks()]).toEqual([1, 1]);
    expect([both.isUp('corp'), both.isUp('local')]).toEqual([false, true]);
  });

  test('do not answer for one that is not among them', async () => {
    const stranger = two().both.verifyPassword({ ...alice, directoryId: 'former' }, 'corp-secret');
    await expect(stranger).rejects.toBeInstanceOf(Unavailable);
  });

  test('leave a name to the person in the one that answers, with that person’s password alone', async () => {
    const { corp, both } = two();
    expect(await both.find('alice')).toEqual({ refusal: 'ambiguous' });
    corp.setAway(true);
    expect(await both.find('alice')).toEqual({ principal: localAlice });
    expect(await both.verifyPassword(localAlice, 'corp-secret')).toEqual({ refusal: 'wrong-password' });
    await expect(both.verifyPassword(corpAlice, 'corp-secret')).rejects.toBeInstanceOf(Unavailable);
  });

  test('pass a fault on that is no outage', async () => {
    const { corp, local } = two();
    const broken: Directory = { ...local, find: () => Promise.reject(new TypeError('a fault of ours')) };
    const both = joined([
      ['corp', corp],
      ['local', broken],
    ]);
    await expect(both.find('alice')).rejects.toThrow(new TypeError('a fault of ours'));
  });

  test('list the people of all, at most as many as are asked for', async () => {
    const { both } = two();
    const ids = async (limit: number) => (await both.list(limit)).map(({ entryId }) => entryId);
    expect(await ids(100)).toEqual([corpAlice.entryId, 'local-alice', 'ops']);
    expect(await ids(2)).toEqual([corpAlice.entryId, 'local-alice']);
  });

  describe('with domains of their own', () => {
    const domains = { corp: ['Corp.Example'], local: ['local.example', 'LOCAL.test'] };
    const named = (directoryId: string, email: string) => {
      const principal = { ...alice, directoryId, entryId: directoryId, emails: [email] };
      return createMemoryDirectory([{ principal, password: 'secret' }]);
    };

    test.each<[string, string]>([
      ['alice@corp.example', 'corp'],
      ['ALICE@CORP.EXAMPLE', 'corp'],
      ['alice@local.test', 'local'],
      ['alice', 'ambiguous'],
      ['alice@elsewhere.example', 'ambiguous'],
      ['@corp.example', 'ambiguous'],
      ['alice@', 'ambiguous'],
    ])('leave %s to %s', async (username, outcome) => {
      const both = joined(
        [
          ['corp', answering('alice', 'corp')],
          ['local', answering('alice', 'local')],
        ],
        domains,
      );
      const found = await both.find(username);
      expect('principal' in found ? found.principal.directoryId : 'refusal' in found && found.refusal).toBe(
        outcome,
      );
    });

    test('do not ask the others about an email of theirs, even while the one is away', async () => {
      const both = joined(
        [
          ['corp', answering('away', 'corp')],
          ['local', answering('alice', 'local')],
        ],
        domains,
      );
      await expect(both.find('alice@corp.example')).rejects.toBeInstanceOf(Unavailable);
    });

    test('count an email where it belongs, and nowhere else', async () => {
      const [corp, local] = [named('corp', 'a@corp.example'), named('local', 'a@corp.example')];
      const both = joined(
        [
          ['corp', corp],
          ['local', local],
        ],
        domains,
      );
      expect(await both.countByEmail('A@corp.example')).toBe(1);
      local.setAway(true);
      expect(await both.countByEmail('a@corp.example')).toBe(1);
      expect(await both.countByEmail('a@elsewhere.example')).toBe(0);
    });

    test('tell whoever rechecks somebody none but emails of theirs', async () => {
      const corp = createMemoryDirectory([
        { principal: { ...corpAlice, emails: ['a@local.test', 'a@CORP.example'] }, password: 'secret' },
      ]);
      const only = joined([['corp', corp]], domains);
      expect(await only.recheck(corpAlice)).toMatchObject({ principal: { emails: ['a@CORP.example'] } });
      corp.setPeople([]);
      expect(await only.recheck(corpAlice)).toEqual({ out: 'not-found', server: 'memory' });
      corp.setAway(true);
      expect(only.isUp('corp')).toBe(false);
      const unread: Directory = { ...corp, recheck: async () => 'cannot-tell' };
      expect(await joined([['corp', unread]], domains).recheck(corpAlice)).toBe('cannot-tell');
    });

    test('count an email over all where nothing is said of domains', async () => {
      const both = joined([
        ['corp', named('corp', 'a@corp.example')],
        ['local', named('local', 'A@Corp.example')],
      ]);
      expect(await both.countByEmail('a@corp.example')).toBe(2);
    });
  });

  test('count somebody whom only their password lets be read', async () => {
    const unread: Directory = {
      ...createMemoryDirectory([]),
      find: async (username) => ({ unread: { directoryId: 'corp', bindName: `uid=${username}`, username } }),
    };
    const both = (other: Answer) =>
      joined([
        ['corp', unread],
        ['local', answering(other, 'local')],
      ]).find('alice');
    expect(await both('unknown-user')).toHaveProperty('unread');
    expect(await both('alice')).toEqual({ refusal: 'ambiguous' });
  });

  test('answer when all do', async () => {
    const { local, both } = two();
    await both.ping();
    local.setAway(true);
    await expect(both.ping()).rejects.toBeInstanceOf(Unavailable);
  });
});

describe('one directory', () => {
  const newOne = () => {
    const corp = createMemoryDirectory([{ principal: corpAlice, password: 'corp-secret' }]);
    return { corp, only: joined([['corp', corp]]) };
  };

  test('says what it says by itself', async () => {
    const { corp, only } = newOne();
    expect(await only.find('alice')).toEqual({ principal: corpAlice });
    expect(await only.find('bob')).toEqual({ refusal: 'unknown-user' });
    expect(await only.verifyPassword(corpAlice, 'corp-secret')).toEqual({ principal: corpAlice });
    expect(await only.recheck(corpAlice)).toEqual({ principal: corpAlice, server: 'memory' });
    expect(only.isUp('corp')).toBe(true);
    corp.setAway(true);
    await expect(only.find('bob')).rejects.toThrow(new Unavailable('directory', 'the directory is away'));
    expect(only.isUp('corp')).toBe(false);
  });

  test('says nothing of an account that belongs to another, which nobody has configured', async () => {
    const { corp, only } = newOne();
    await expect(only.recheck({ ...corpAlice, directoryId: 'former' })).rejects.toBeInstanceOf(Unavailable);
    expect(corp.rechecks()).toBe(0);
    expect(only.isUp('former')).toBe(false);
  });
});

test('no directory is a fault', () => {
  expect(() => createDirectories(new Map())).toThrow(RangeError);
});
