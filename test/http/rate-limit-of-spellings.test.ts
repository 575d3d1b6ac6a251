import { describe, expect, it } from '@jest/globals';
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
    const statuses: number[] = [];
    for (const spelling of order) statuses.push((await signIn(app, spelling, 'wrong')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
    expect(app.directory.binds()).toBe(5);
    for (const spelling of order) await signIn(app, spelling).expect(429);
    app.advance(30 * MINUTE_MS);
    for (const spelling of order) await signIn(app, spelling).expect(200);
  });

  it('is not counted on its own name while the person is refused, so that nothing prolongs the wait', async () => {
    const app = createMemoryApp(zoe);
    for (let time = 0; time < 5; time++) await signIn(app, 'zoë', 'wrong').expect(401);
    app.advance(29 * MINUTE_MS);
    for (let time = 0; time < 9; time++) {
      const { body, headers } = await signIn(app, 'zoë@example.org').expect(429);
      expect(body['retry-after']).toBe(60);
      expect(headers['retry-after']).toBe('60');
    }
    app.advance(MINUTE_MS);
    await signIn(app, 'zoë@example.org').expect(200);
  });

  it('at once, fifty guesses, gets no more binds than the budget', async () => {
    const app = createMemoryApp(zoe);
    const guesses = Array.from({ length: 50 }, (_, n) => signIn(app, spellings[n % 10] ?? '', `guess ${n}`));
    const answers = await Promise.all(guesses);
    expect(app.directory.binds()).toBe(5);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(45);
  });
});
