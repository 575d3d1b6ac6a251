import { describe, expect, test } from '@jest/globals';
import type { LdapConnection } from '../../../src/adapters/ldap/connection.ts';
import { createSearchConnections } from '../../../src/adapters/ldap/search-connections.ts';
import { until } from '../../support/until.ts';
import { createFakeConnections, type FakeConnection } from './fake-connection.ts';

const same = async (connection: LdapConnection) => connection;
const lost = (connection: LdapConnection, message = 'connection lost') => {
  (connection as FakeConnection).lose();
  return Promise.reject(new Error(message));
};

describe('search connections', () => {
  test('are opened when first needed, one for each slot, and used in turn', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, 2);
    expect(made).toHaveLength(0);
    const used = await Promise.all(Array.from({ length: 6 }, () => searches.withConnection(same)));
    expect(made).toHaveLength(2);
    expect(new Set(used)).toEqual(new Set(made));
  });

  test('are opened once, however many come while they are being opened', async () => {
    const { made, open } = createFakeConnections();
    const opening = Promise.withResolvers<void>();
    await using searches = createSearchConnections(() => opening.promise.then(open), 1);
    const calls = Array.from({ length: 5 }, () => searches.withConnection(same));
    opening.resolve();
    expect(new Set(await Promise.all(calls))).toEqual(new Set(made));
    expect(made).toHaveLength(1);
  });

  test('are opened anew after opening failed, and whoever waited hears of it', async () => {
    const { open } = createFakeConnections();
    let failures = 1;
    const flaky = () => (failures-- > 0 ? Promise.reject(new Error('not now')) : open());
    await using searches = createSearchConnections(flaky, 1);
    const waited = [searches.withConnection(same), searches.withConnection(same)];
    expect(await Promise.allSettled(waited)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect((await searches.withConnection(same)).isClosed()).toBe(false);
  });

  test('are replaced when they are lost while nobody uses them', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, 1);
    await searches.withConnection(same);
    made[0]?.lose();
    expect(await searches.withConnection(same)).toBe(made[1]);
  });

  test('let a search whose connection is lost under it be repeated once', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, 1);
    let asked = 0;
    const search = (connection: LdapConnection) => (++asked === 1 ? lost(connection) : same(connection));
    expect(await searches.withConnection(search)).toBe(made[1]);
    asked = 0;
    const doomed = (connection: LdapConnection) => {
      asked++;
      return lost(connection);
    };
    await expect(searches.withConnection(doomed)).rejects.toThrow('lost');
    expect(asked).toBe(2);
  });

  test('let it be repeated on a new one, not on another that is as old', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, 2);
    await Promise.all([searches.withConnection(same), searches.withConnection(same)]);
    const old = new Set(made);
    const search = (connection: LdapConnection) =>
      old.has(connection as FakeConnection) ? lost(connection) : same(connection);
    expect(old.size).toBe(2);
    expect(old).not.toContain(await searches.withConnection(search));
  });

  test('do not let a search be repeated that failed on a good connection, or had its time', async () => {
    const { made, open } = createFakeConnections();
    await using searches = createSearchConnections(open, 1);
    await expect(searches.withConnection(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const timedOut = (connection: LdapConnection) => lost(connection, 'SearchRequest: Operation timed out');
    await expect(searches.withConnection(timedOut)).rejects.toThrow('timed out');
    expect(made).toHaveLength(1);
  });

  test('are closed at the end, also those that are being opened then', async () => {
    const { made, open } = createFakeConnections();
    const opening = Promise.withResolvers<void>();
    let openings = 0;
    const searches = createSearchConnections(
      () => (++openings === 2 ? opening.promise.then(open) : open()),
      2,
    );
    await searches.withConnection(same);
    const late = searches.withConnection(same);
    const closed = searches[Symbol.asyncDispose]();
    opening.resolve();
    await Promise.allSettled([late, closed]);
    expect(made.map((connection) => connection.isClosed())).toEqual([true, true]);
  });

  test('are not opened again for a search that was under way at the end', async () => {
    const { made, open } = createFakeConnections();
    const searches = createSearchConnections(open, 1);
    const failing = Promise.withResolvers<void>();
    const search = searches.withConnection(() => failing.promise);
    await new Promise(setImmediate);
    await searches[Symbol.asyncDispose]();
    failing.reject(new Error('connection lost'));
    await search.catch(() => {});
    expect(made.map((connection) => connection.isClosed())).not.toContain(false);
  });

  test('do not wait at the end for one that is still being opened, and close it when it is open', async () => {
    const { made, open } = createFakeConnections();
    const opening = Promise.withResolvers<void>();
    const searches = createSearchConnections(() => opening.promise.then(open), 1);
    const call = searches.withConnection(same);
    await searches[Symbol.asyncDispose]();
    expect(made).toHaveLength(0);
    opening.resolve();
    await Promise.allSettled([call]);
    await until('it is closed', () => made[0]?.isClosed() === true);
    expect(made).toHaveLength(1);
  });
});
