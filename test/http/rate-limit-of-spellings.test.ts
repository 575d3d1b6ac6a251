import { describe, expect, it } from '@jest/globals';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { createMemoryApp, MINUTE_MS, person, signIn } from './memory-app.ts';

describe('every spelling of one person', () => {
  const spellings = [
    'zoë',
    'ZOË',
    'zOë',
    ' zoë ',
    '\u00a0zoë',
    '\uff5a\uff4f\u00eb',
    'zoe\u0308',
    'zoë@example.org',
    'ZOË@Example.ORG',
    'CORP\\zoë',
  ];
  /** A directory that takes every one of them for the same entry, as some do. */
  const lenient = (directory: Directory): Directory => ({
    ...directory,
    find: (username) =>
      directory.find(
        username
          .normalize('NFKC')
          .toLowerCase()
          .replace(/^.*\\|@.*$/g, ''),
      ),
  });
  const zoe = { people: [person('zoë')], wrap: lenient };

  /** Which status each attempt has where the directory lets none in: 429 from the sixth by one name on. */
  const namesOf = (emailDomains: readonly string[]) => {
    const canonical = createCanonicalName(emailDomains);
    const attempts = new Map<string, number>();
    return (spelling: string): number => {
      const before = attempts.get(canonical(spelling)) ?? 0;
      attempts.set(canonical(spelling), before + 1);
      return before < 5 ? 401 : 429;
    };
  };

  it('signs the person in', async () => {
    const app = createMemoryApp({ ...zoe, emailDomains: ['example.org'] });
    for (const spelling of spellings) await signIn(app, spelling).expect(200);
  });

  it.each([
    ['where the domain is configured', ['Example.org'], spellings],
    ['where it is not', [], spellings],
    ['in the other order', [], spellings.toReversed()],
  ])('draws on one budget %s', async (_case, emailDomains, order) => {
    const app = createMemoryApp({ ...zoe, emailDomains });
    const expected = namesOf(emailDomains);
    for (const spelling of order) await signIn(app, spelling, 'wrong').expect(expected(spelling));
    expect(app.directory.binds()).toBe(5);
    for (const spelling of order) await signIn(app, spelling).expect(expected(spelling));
    expect(app.directory.binds()).toBe(5);
    app.advance(30 * MINUTE_MS);
    for (const spelling of order) await signIn(app, spelling).expect(200);
  });

  it('is counted on its own name while the person is refused, as one of nobody is', async () => {
    const app = createMemoryApp(zoe);
    for (let time = 0; time < 6; time++) await signIn(app, 'zoë', 'wrong');
    for (let time = 0; time < 7; time++) {
      const [another, nobody] = [
        await signIn(app, 'zoë@example.org'),
        await signIn(app, 'nobody@example.org'),
      ];
      expect(another.status).toBe(time < 5 ? 401 : 429);
      expect([another.status, another.text]).toEqual([nobody.status, nobody.text]);
      for (const header of ['limit', 'remaining', 'reset'].map((name) => `x-ratelimit-${name}`)) {
        expect([header, another.headers[header]]).toEqual([header, nobody.headers[header]]);
      }
    }
    expect(app.directory.binds()).toBe(5);
    expect((await app.log.requestLines())[6]).toMatchObject({
      ...{ status: 401, outcome: 'attempts-spent', username: 'zoë' },
    });
  });

  it('at once, fifty guesses, gets no more binds than the budget', async () => {
    const app = createMemoryApp(zoe);
    const guesses = Array.from({ length: 50 }, (_, n) => signIn(app, spellings[n % 10] ?? '', `guess ${n}`));
    const answers = await Promise.all(guesses);
    expect(app.directory.binds()).toBe(5);
    // Of its three names each has five.
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(15);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35);
  });
});
