import { describe, expect, test } from '@jest/globals';
import type { LdapConnection } from '../../../../src/adapters/ldap/connection/connection.ts';
import { createSearchConnections } from '../../../../src/adapters/ldap/servers/search-connections.ts';
import { until } from '../../../support/until.ts';
import { createFakeConnections } from './fake-connection.ts';

const same = async (connection: LdapConnection) => connection;
const keep = { maxAgeMs: 600_000, maxIdleMs: 60_000 };
const one = { ...keep, size: 1 };
const two = { ...keep, size: 2 };

/** One connection, lent to a search that ends as `answer` does. */
async function lendOne() {
  const { made, open } = createFakeConnections();
  const searches = createSearchConnections(open, one);
  const answer = Promise.withResolvers<void>();
  const search = searches.withConnection(() => answer.promise);
  await new Promise(setImmediate);
  return { made, searches, search, answer };
}

describe('search connections', () => {
  test('are opened when first needed, one for each slot, and used in turn', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, two);
    expect(made).toHaveLength(0);
    const used = await Promise.all(Array.from({ length: 6 }, () => searches.withConnection(same)));
    expect(made).toHaveLength(2);
    expect(new Set(used)).toEqual(new Set(made));
  });

  test('gather what each turn asks, before it is asked', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, one);
    const gatheredAt = () => searches.withConnection(async () => made[0]?.gathered());
    expect(await Promise.all([gatheredAt(), gatheredAt()])).toEqual([1, 2]);
  });

  test('are opened once, however many come while they are being opened', async () => {
    const { made, open } = createFakeConnections();
    const opening = Promise.withResolvers<void>();
    await using searches = createSearchConnections(() => opening.promise.then(open), one);
    const calls = Array.from({ length: 5 }, () => searches.withConnection(same));
    opening.resolve();
    expect(new Set(await Promise.all(calls))).toEqual(new Set(made));
    expect(made).toHaveLength(1);
  });

  test('are opened anew after opening failed, and whoever waited hears of it', async () => {
    const { open } = createFakeConnections();
    let failures = 1;
    const flaky = () => (failures-- > 0 ? Promise.reject(new Error('not now')) : open());
    await using searches = createSearchConnections(flaky, one);
    const waited = [searches.withConnection(same), searches.withConnection(same)];
    expect(await Promise.allSettled(waited)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect((await searches.withConnection(same)).isClosed()).toBe(false);
  });

  test('are replaced when they are lost while nobody uses them', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, one);
    await searches.withConnection(same);
    made[0]?.lose();
    expect(await searches.withConnection(same)).toBe(made[1]);
  });

  test('of an older generation are lent no more, and closed when their last search is done', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, two);
    const release = Promise.withResolvers<void>();
    const lent = [searches.withConnection(() => release.promise), searches.withConnection(same)];
    await lent[1];
    searches.renew();
    expect(made.map((connection) => connection.isClosed())).toEqual([false, true]);
    expect(made).not.toContain(await searches.withConnection(async () => undefined));
    expect(made).toHaveLength(3);
    release.resolve();
    await lent[0];
    expect(made[0]?.isClosed()).toBe(true);
  });

  test('that are too old are lent no more, and closed when their last search is done', async () => {
    const { made, open } = createFakeConnections();
    let now = 0;
    await using searches = createSearchConnections(open, { ...one, maxAgeMs: 1_000 }, () => now);
    const release = Promise.withResolvers<void>();
    const long = searches.withConnection(() => release.promise);
    await searches.withConnection(same);
    now = 1_000;
    expect(await searches.withConnection(same)).toBe(made[1]);
    expect(made[0]?.isClosed()).toBe(false);
    release.resolve();
    await long;
    expect(made[0]?.isClosed()).toBe(true);
  });

  test('that nobody has used for too long are closed', async () => {
    const { made, open } = createFakeConnections();
    let now = 0;
    await using searches = createSearchConnections(open, { ...one, maxIdleMs: 80 }, () => now);
    await searches.withConnection(same);
    now = 80;
    await until('it is closed', () => made[0]?.isClosed());
    expect(await searches.withConnection(same)).toBe(made[1]);
  });

  test('that are lent when no more are to be lent are closed when their last search is done', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, two);
    const release = Promise.withResolvers<void>();
    const lent = [searches.withConnection(() => release.promise), searches.withConnection(same)];
    await lent[1];
    searches.end();
    expect(made.map((connection) => connection.isClosed())).toEqual([false, true]);
    await expect(searches.withConnection(same)).rejects.toThrow('closed');
    release.resolve();
    await lent[0];
    expect(made.map((connection) => connection.isClosed())).toEqual([true, true]);
  });

  test('are closed at the end, also those that are lent then', async () => {
    const { made, searches, search, answer } = await lendOne();
    await searches[Symbol.asyncDispose]();
    expect(made.map((connection) => connection.isClosed())).toEqual([true]);
    answer.resolve();
    await search;
  });

  test('are closed at the end, also those that are being opened then', async () => {
    const { made, open } = createFakeConnections();
    const opening = Promise.withResolvers<void>();
    let openings = 0;
    const searches = createSearchConnections(
      () => (++openings === 2 ? opening.promise.then(open) : open()),
      two,
    );
    await searches.withConnection(same);
    const late = searches.withConnection(same);
    const closed = searches[Symbol.asyncDispose]();
    opening.resolve();
    await Promise.allSettled([late, closed]);
    expect(made.map((connection) => connection.isClosed())).toEqual([true, true]);
  });

  test('are not opened again for a search that was under way at the end', async () => {
    const { made, searches, search, answer } = await lendOne();
    const ended = searches[Symbol.asyncDispose]();
    answer.reject(new Error('connection lost'));
    await Promise.allSettled([search, ended]);
    expect(made.map((connection) => connection.isClosed())).not.toContain(false);
  });

  test('do not wait at the end for one that is still being opened, and close it when it is open', async () => {
    const { made, open } = createFakeConnections();
    const opening = Promise.withResolvers<void>();
    const searches = createSearchConnections(() => opening.promise.then(open), one);
    const call = searches.withConnection(same);
    await searches[Symbol.asyncDispose]();
    expect(made).toHaveLength(0);
    opening.resolve();
    await Promise.allSettled([call]);
    await until('it is closed', () => made[0]?.isClosed() === true);
    expect(made).toHaveLength(1);
  });
});
