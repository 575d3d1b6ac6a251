import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeWithDirectory } from '../../support/describe-with-directory.ts';
import { inRepository } from '../../support/repository.ts';
import { requestLine } from '../request-lines.ts';
import { signIn } from '../stack.ts';
import { type Came, type Case, cellText, DIRECTORIES, type DirectoryName, PUBLIC_ANSWERS } from './case.ts';
import { cases, spellings } from './cases.ts';
import { type Column, startColumn } from './column.ts';

const names = Object.keys(DIRECTORIES) as DirectoryName[];

/** The cases that a directory can have, with what comes of them. */
function casesAt(directory: DirectoryName): (Case & { came: Came })[] {
  return cases.flatMap((one) => {
    const cell = one[directory];
    return 'cannot' in cell ? [] : [{ ...one, came: cell }];
  });
}

describe('the table of outcomes', () => {
  test('has a cell for every directory in every row, and no row twice', () => {
    expect(new Set(cases.map(({ what }) => what)).size).toBe(cases.length);
    for (const one of cases) expect(Object.keys(one)).toEqual(expect.arrayContaining(names));
  });

  test('gives a reason for every cell that its directory cannot have, and leaves no row without any', () => {
    for (const one of cases) {
      const cells = names.map((name) => one[name]);
      expect(cells.every((cell) => 'cannot' in cell)).toBe(false);
      for (const cell of cells) if ('cannot' in cell) expect(cell.cannot).not.toBe('');
    }
  });

  test('is the one of docs/outcomes.md', () => {
    const lines = readFileSync(inRepository('docs/outcomes.md'), 'utf8').split('\n');
    const table = lines.filter((line) => line.startsWith('| ')).slice(1);
    expect(table).toEqual(
      cases.map((one) => `| ${[one.what, ...names.map((name) => cellText(one[name]))].join(' | ')} |`),
    );
  });
});

/** Tries every case at one directory. */
function suite(directory: DirectoryName): () => void {
  return () => {
    let column: Column;
    beforeAll(async () => {
      column = await startColumn(directory);
    });
    beforeEach(() => column.relay.forget());
    afterEach(() => expect(column.relay.inClear()).toEqual([]));
    afterAll(async () => {
      await column?.[Symbol.asyncDispose]();
    });

    const peopleBinds = () =>
      column.relay.requests().filter(({ operation, dn }) => operation === 'bind' && dn !== column.serviceDn);

    /** The password of a case; a key is fetched before, and what that cost is forgotten. */
    const passwordOf = async ({ username, password }: Case, url: string) => {
      if (typeof password === 'string') return password;
      const { apiKey } = await signIn(url, username, `${username}-secret`);
      expect(apiKey).toHaveLength(32);
      column.relay.forget();
      return apiKey;
    };

    test.each(casesAt(directory))('$what: $came.answer, $came.outcome, $came.binds', async (one) => {
      const service = await column.service(one.setup ?? 'usual');
      const password = await passwordOf(one, service.url);
      for (let wrongs = 0; wrongs < (one.wrongBefore ?? 0); wrongs++) {
        await column.giveWrongPassword(one.username);
      }
      const { status, code, text, headers } = await signIn(service.url, one.username, password);
      const line = await requestLine(service, headers.get('x-request-id'));
      expect({
        answer: { status, code, msg: JSON.parse(text).msg },
        outcome: line['outcome'],
        binds: peopleBinds().map(({ authentication }) => authentication),
      }).toEqual({
        answer: PUBLIC_ANSWERS[one.came.answer],
        outcome: one.came.outcome,
        binds: one.came.binds === 1 ? ['simple'] : [],
      });
    });

    test('by ten spellings of one name is the same person, and has one budget for all of them', async () => {
      const [usual, strict] = [await column.service('usual'), await column.service('takes five attempts')];
      const { apiKey: key } = await signIn(usual.url, 'bob', 'bob-secret');
      expect(key).toHaveLength(32);
      for (const spelling of spellings[directory]) {
        const { apiKey } = await signIn(usual.url, spelling, 'bob-secret');
        expect({ spelling, apiKey }).toEqual({ spelling, apiKey: key });
      }
      column.relay.forget();
      const statuses: number[] = [];
      for (const spelling of spellings[directory]) {
        statuses.push((await signIn(strict.url, spelling, 'wrong')).status);
      }
      // The email is a name of its own, of which nobody is told whose it is.
      const isEmail = (spelling: string) => /@example\.org\s*$/i.test(spelling);
      const later = spellings[directory].slice(5).map((spelling) => (isEmail(spelling) ? 401 : 429));
      expect(statuses).toEqual([401, 401, 401, 401, 401, ...later]);
      expect(peopleBinds()).toHaveLength(5);
    });
  };
}

describe('a sign-in at OpenLDAP', suite('openLdap'));
describeWithDirectory('samba-ad', 'a sign-in at Active Directory (Samba)', suite('activeDirectory'));
describeWithDirectory('ds389', 'a sign-in at 389 Directory Server', suite('ds389'));
