import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../../support/until.ts';
import { DIRECTORIES, type DirectoryName } from '../outcomes/case.ts';
import { signIn } from '../stack.ts';
import { type Change, heritages, leavings, renamed, renaming } from './cases.ts';
import { type Cast, revalidatedCast, watchedCast } from './cast.ts';
import { type Column, startColumn } from './column.ts';
import type { Followed } from './follow.ts';
import { ask, type KeyAnswer, type Member } from './member.ts';
import { newPassword, type Play, type Played, play } from './play.ts';
import type { Left } from './stories.ts';
import { createTimes } from './times.ts';

const FETCH_API_KEY = '/api/v1/fetch_api_key';

/** Says what happens to keys when their owners' entries change, whichever way the service comes to know of it. */
export function testLeavers(directory: DirectoryName): void {
  let column: Column;
  beforeAll(async () => {
    column = await startColumn(directory);
  });
  afterAll(async () => {
    await column?.[Symbol.asyncDispose]();
  });

  // In this order: a service that watched would see the others, too.
  describe('revalidated on use alone', () => {
    testCast(directory, async () => [column, revalidatedCast(column)]);
  });
  describe('watched, and revalidated where the watch cannot see', () => {
    testCast(directory, async () => [column, await watchedCast(column)]);
  });
}

/** Says it of the people of one cast. */
function testCast(directory: DirectoryName, start: () => Promise<readonly [Column, Cast]>): void {
  let cast: Cast;
  let played: Play;
  const times = createTimes();
  beforeAll(async () => {
    const [column, started] = await start();
    cast = started;
    played = await play(column.at, directory, cast);
  });
  afterAll(() => times.print(`${DIRECTORIES[directory]}, ${cast.how}`));

  const sees = (change: Change) => cast.fallback === undefined || change[directory] === 'watch';
  /** What came of a change; until then, a service that does not see it took the key for a good one. */
  const cameOf = <T extends { tookMs: number }>(change: Change, one: Member, followed: Followed<T>): T => {
    expect(followed.unseen).toEqual(sees(change) ? undefined : good(one));
    times.note(change.what, followed);
    return followed.came;
  };
  const ends = (key: string) =>
    until('the key is dead everywhere', async () => (await ask(cast.service, key)).status === 401);

  test.each(leavings)('whoever is $what is out', async (leaving) => {
    const { one, story } = played.left.get(leaving.name) as Played<Left>;
    const followed = await story;
    const { statuses, me, reason, back } = cameOf(leaving, one, followed);
    // Whoever asks too long after the last check asks the directory first.
    expect(followed.unseen ? [401] : [200, 401]).toEqual(expect.arrayContaining([...statuses]));
    expect(me).toEqual({ status: 401, code: 'UNAUTHORIZED', msg: 'Account is deactivated' });
    expect(reason).toBe(leaving.reason);
    if (!leaving.back) return ends(one.apiKey);
    // Let back in, the same key lives again.
    expect(back).toMatchObject({ apiKey: one.apiKey, userId: one.userId });
  });

  test('whoever is renamed keeps the key, which goes by the new name', async () => {
    const { one, story } = played.renamed;
    const { answer, apiKey } = cameOf(renaming, one, await story);
    expect(answer).toEqual(good({ ...one, name: renamed(one.name) }));
    expect(apiKey).toBe(one.apiKey);
  });

  test('whoever gets the login name of somebody deleted gets an account and a key of their own', async () => {
    const { one, story } = played.inherited.deletion;
    const { heir, newKey, takenFor, oldKeyByName } = cameOf(heritages.deletion, one, await story);
    expect(newKey).toEqual(good(heir));
    expect([heir.userId, heir.apiKey]).not.toEqual([one.userId, one.apiKey]);
    expect([one.userId]).toEqual(expect.arrayContaining([...takenFor]));
    expect(oldKeyByName).toMatchObject({ status: 401, msg: 'Account is deactivated' });
    await ends(one.apiKey);
  });

  test('whoever gets the login name of somebody renamed gets an account and a key of their own', async () => {
    const { one, story } = played.inherited.renaming;
    const { heir, newKey, takenFor, last, oldKeyByName } = cameOf(heritages.renaming, one, await story);
    expect(newKey).toEqual(good(heir));
    expect(takenFor).toEqual([one.userId]);
    expect(last).toEqual(good({ ...one, name: renamed(one.name) }));
    // A client that still sends the former name is told who it is: not the heir.
    expect(oldKeyByName).toMatchObject({ status: 200, user_id: one.userId });
    expect([heir.userId, heir.apiKey]).not.toContain(one.userId);
    expect(heir.apiKey).not.toBe(one.apiKey);
  });

  test('whoever is given another password keeps the key, and gets the same one with it', async () => {
    await Promise.allSettled([...played.left.values()].map(({ story }) => story));
    const { stayer } = played;
    expect(await ask(cast.service, stayer.apiKey)).toEqual(good(stayer));
    const outcomes = () =>
      cast.service.logs().flatMap(({ path, outcome }) => (path === FETCH_API_KEY ? [outcome] : []));
    const before = outcomes().length;
    const { apiKey, userId } = await signIn(cast.service.url, stayer.name, newPassword);
    const outcome = await until('the sign-in is logged', () => outcomes().slice(before).at(-1));
    expect([outcome, apiKey, userId]).toEqual(['accepted', stayer.apiKey, stayer.userId]);
  });
}

/** What is answered to the good key of somebody who is called so. */
function good({ name, userId }: Pick<Member, 'name' | 'userId'>): KeyAnswer {
  return { status: 200, user: name, userId };
}
